using System.CommandLine;
using System.Text.Json;
using StyleClip.Cli.Running;
using StyleClip.Client;
using StyleClip.Client.Library;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Validation;
using StyleClip.Gateway;

namespace StyleClip.Cli.Remote;

/// <summary>The options of commands that speak to a gateway, and how they say what went wrong.</summary>
internal sealed class RemoteOptions
{
    public const string GatewayVariable = "STYLECLIP_GATEWAY";
    public const string KeyVariable = "STYLECLIP_API_KEY";

    private readonly Option<string> _gateway = new("--gateway");

    // The environment, rather: other users of the machine can see a command line.
    private readonly Option<string?> _key = new("--api-key") { Description = $"API key; else {KeyVariable}, which other users of the machine cannot see." };

    private readonly Option<OutputForm> _output;

    private RemoteOptions(Command command, Option<OutputForm> output)
    {
        _output = output;
        command.Add(_gateway);
        command.Add(_key);
    }

    /// <summary>Gives <paramref name="command"/> the options and lets it do <paramref name="act"/>, which answers the exit status.</summary>
    public static Command AddTo(Command command, Func<RemoteCall, Task<int>> act)
    {
        var output = new Option<OutputForm>("--output") { Description = "text: for people; json: one JSON document on standard output.", DefaultValueFactory = _ => OutputForm.Text };
        var options = new RemoteOptions(command, output);
        options._gateway.Description = $"Address of the gateway; else {GatewayVariable}.";
        options._gateway.DefaultValueFactory = _ => Environment.GetEnvironmentVariable(GatewayVariable) is { Length: > 0 } address ? address : $"http://127.0.0.1:{GatewayOptions.DefaultPort}";
        command.Add(output);
        command.SetAction((parsed, cancellationToken) => options.Run(parsed, act, cancellationToken));
        return command;
    }

    /// <summary>As the other, for commands that end in success or in an exception.</summary>
    public static Command AddTo(Command command, Func<RemoteCall, Task> act) => AddTo(command, async call =>
    {
        await act(call);
        return ExitCodes.Success;
    });

    /// <summary>The options of a command that works on this machine unless it is given a gateway.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Its own option for the form of the output.</param>
    /// <param name="what">What the cluster does then.</param>
    public static RemoteOptions AddChoiceTo(Command command, Option<OutputForm> output, string what)
    {
        var options = new RemoteOptions(command, output);
        options._gateway.Description = $"Address of a gateway: {what}.";
        return options;
    }

    /// <summary>True where the user gave a gateway.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_gateway) is { Implicit: false };

    /// <summary>Lets <paramref name="act"/> speak to the gateway and says what went wrong.</summary>
    public async Task<int> Run(ParseResult parsed, Func<RemoteCall, Task<int>> act, CancellationToken cancellationToken)
    {
        try
        {
            string key = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable) ?? "";
            if (key.Length == 0) throw new ArgumentException($"No API key: set {KeyVariable}, or give --api-key. `styleclip key create` makes one.");
            string address = parsed.GetRequiredValue(_gateway);
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? gateway)) throw new ArgumentException($"--gateway is '{address}'; it must be an address such as http://127.0.0.1:{GatewayOptions.DefaultPort}.");
            using var client = new StyleClipClient(gateway, key);
            return await act(new RemoteCall(client, parsed, parsed.GetValue(_output), cancellationToken));
        }
        catch (GatewayException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return exception.Problem.Status >= 500 ? ExitCodes.Unavailable : ExitCodes.BadInput;
        }
        catch (Exception exception) when (exception is GatewayUnreachableException or ArtifactRejectedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Unavailable;
        }
        catch (Exception exception) when (exception is SpecException or MapperNotFoundException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.BadInput;
        }
    }
}

/// <summary>One command on its way to a gateway.</summary>
internal sealed record RemoteCall(StyleClipClient Client, ParseResult Parsed, OutputForm Output, CancellationToken Cancellation)
{
    public bool IsJson => Output == OutputForm.Json;

    /// <summary>The one document of <c>--output json</c>.</summary>
    public static void WriteJson<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, ContractJson.Options));

    /// <summary>Writes <paramref name="value"/> as JSON, or lets <paramref name="text"/> write it for people.</summary>
    public void Write<T>(T value, Action text)
    {
        if (IsJson) WriteJson(value);
        else text();
    }
}
