using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using StyleClip.Cli.Tests.Running;

namespace StyleClip.Cli.Tests.Gateways;

/// <summary>A cluster as its users run it: nodes, a gateway and commands, each a process of its own.</summary>
public sealed class ClusterCommandTests : IDisposable
{
    private readonly StyleClipProgram _program = new();
    private readonly int _port = FreePort();

    [Fact]
    public async Task A_spec_becomes_pulled_mappers_though_node_and_gateway_are_killed_meanwhile()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml(prompts: ["a face with red hair", "a smiling face"]));
        await UseKey("admin");
        ServerProcess node = await Node("n1"), gateway = await Gateway();
        ProgramResult dryRun = await Done("sweep", "submit", spec, "--dry-run", "--output", "json");
        Assert.Equal(2, dryRun.Document.GetProperty("jobs").GetArrayLength());
        await RecipeFilesAreSentAsTheirFields();

        var validated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ProgramResult> watch = _program.RunUntil(ShortSweep.HasValidated, _ => validated.SetResult(), "sweep", "submit", spec, "--watch");
        await await Task.WhenAny(validated.Task, watch);
        await node.DisposeAsync();
        await gateway.DisposeAsync();
        await using ServerProcess secondNode = await Node("n2"), secondGateway = await Gateway();

        ProgramResult watched = await watch;
        Assert.True(watched.ExitCode == 0, $"{watched.Output}\n{watched.Errors}\n{secondNode.Output}\n{secondGateway.Output}");
        Assert.Contains("it is made again", watched.Errors, StringComparison.Ordinal);
        ProgramResult again = await Done("sweep", "submit", spec);
        Assert.Contains("0 jobs started; 2 succeeded", again.Output, StringComparison.Ordinal);
        Assert.Contains("n2", (await Done("node", "list")).Output, StringComparison.Ordinal);

        JsonElement[] mappers = [.. (await Done("mapper", "list", "--output", "json")).Document.EnumerateArray()];
        Assert.Equal(2, mappers.Length);
        string slug = mappers[0].GetProperty("slug").GetString()!;
        JsonElement pulled = (await Done("mapper", "pull", slug, "--out", "pulled", "--cache", "cache", "--output", "json")).Document;
        byte[] mapper = await File.ReadAllBytesAsync(pulled.GetProperty("mapper").GetString()!, TestContext.Current.CancellationToken);
        Assert.Equal(mappers[0].GetProperty("versions")[0].GetProperty("mapper").GetProperty("digest").GetString(), "sha256:" + Convert.ToHexStringLower(SHA256.HashData(mapper)));
        await TheClusterMeasuresATable();
    }

    [Fact]
    public async Task A_rejected_job_says_why_and_what_it_made_can_be_pulled_and_applied()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml(steps: 2, gate: "{ clipGain: 1.5 }", prompts: ["a smiling face"]));
        await UseKey("admin");
        await using ServerProcess node = await Node("n1"), gateway = await Gateway();
        ProgramResult watched = await _program.Run("sweep", "submit", spec, "--watch", "--output", "json");
        Assert.Equal(1, watched.ExitCode);
        string address = $"{watched.Document.GetProperty("sweep").GetString()}/{watched.Document.GetProperty("jobs")[0].GetProperty("id").GetString()}";

        ProgramResult shown = await Done("job", "show", address);
        Assert.Matches(@"phase +rejected", shown.Output);
        Assert.Matches(@"reason +The gate does not hold: CLIP gain -?[0-9.]+ is below 1\.5", shown.Output);
        Assert.Empty((await Done("mapper", "list", "--output", "json")).Document.EnumerateArray());

        JsonElement pulled = (await Done("job", "pull", address, "--out", "pulled", "--cache", "cache", "--output", "json")).Document;
        string mapper = pulled.GetProperty("mapper").GetString()!;
        Assert.Equal(pulled.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(mapper, TestContext.Current.CancellationToken))));
        Assert.Contains("\"passesGate\": false", await File.ReadAllTextAsync(pulled.GetProperty("card").GetString()!, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Done("mapper", "apply", mapper, "--pack", "demo", "--count", "1", "--out", "edit.png");
    }

    [Fact]
    public async Task Commands_say_what_is_wrong_in_a_line()
    {
        ProgramResult keyless = await _program.Run("sweep", "list", "--gateway", $"http://127.0.0.1:{_port}");
        Assert.Equal(2, keyless.ExitCode);
        Assert.Contains("STYLECLIP_API_KEY", keyless.Errors, StringComparison.Ordinal);

        await UseKey("read");
        ProgramResult mistaken = await _program.Run("sweep", "submit", _program.Write("bad.yaml", "name: X\nseed: x\n"));
        Assert.Equal(2, mistaken.ExitCode);
        Assert.Contains("bad.yaml:1:7: name is X", mistaken.Errors, StringComparison.Ordinal);

        ProgramResult twoPlaces = await _program.Run("directions", "build", "--pack", "demo", "--gateway", $"http://127.0.0.1:{_port}", "--devices", "2");
        Assert.NotEqual(0, twoPlaces.ExitCode);
        Assert.Contains("--devices is for measuring on this machine", twoPlaces.Errors, StringComparison.Ordinal);

        ProgramResult open = await _program.Run("gateway", "--store", _program.Store("keyless"), "--listen", "0.0.0.0", "--port", "0");
        Assert.Equal(2, open.ExitCode);
        Assert.Contains("styleclip key create", open.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_made_listed_and_revoked()
    {
        ProgramResult made = await Done("key", "create", "--role", "read", "--name", "ci", "--expires-in-days", "3", "--store", _program.Store());
        string key = made.Output.Trim(), prefix = key[..12];
        ProgramResult listed = await Done("key", "list", "--store", _program.Store());
        Assert.Contains(prefix, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, listed.Output, StringComparison.Ordinal);
        await Done("key", "revoke", prefix, "--store", _program.Store());
        Assert.Contains("revoked", (await Done("key", "list", "--store", _program.Store())).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await _program.Run("key", "revoke", "sck_00000000", "--store", _program.Store())).ExitCode);
    }

    public void Dispose() => _program.Dispose();

    private async Task TheClusterMeasuresATable()
    {
        string[] build = ["directions", "build", "--pack", "demo", "--name", "tiny", "--images", "1", "--samples", "16", "--last-layer", "1"];
        ProgramResult remote = await Done([.. build, "--gateway", $"http://127.0.0.1:{_port}"]);
        ProgramResult here = await Done([.. build, "--store", _program.Store("here"), "--devices", "1"]);
        string table = here.Output.Split('\n').Single(line => line.StartsWith("  table ", StringComparison.Ordinal));
        Assert.Contains(table, remote.Output, StringComparison.Ordinal);
        Assert.Contains("tiny", (await Done("directions", "list", "--store", _program.Store())).Output, StringComparison.Ordinal);
    }

    private async Task RecipeFilesAreSentAsTheirFields()
    {
        const string Recipe = "{ name: mine, steps: 40, optimizer: { kind: adam, learningRate: 0.5 }, earlyStopping: { patience: 3 }, mapper: { levels: [coarse, fine] } }";
        const string Rest = """
            name: files
            pack: demo
            seed: 3
            bank: { count: 32, validation: 8 }
            budget: { steps: 30 }
            prompts:
            - a smiling face
            - { text: a face with glasses, neutral: a face, overrides: { steps: 20, optimizer: { kind: ranger }, mapper: { levels: all } } }
            - { text: a face with glasses, neutral: a face, method: direction, overrides: { direction: { alpha: 3 } } }
            - { text: a face with glasses, method: optimization, overrides: { optimization: { kind: tediGan, count: 2 } } }
            tables: [{ name: small, images: 4, lastLayer: 5 }]
            """;
        _program.Write("recipe.yaml", Recipe);
        ProgramResult file = await Done("sweep", "submit", _program.Write("file.yaml", $"recipe: ./recipe.yaml\n{Rest}"), "--dry-run");
        ProgramResult inline = await Done("sweep", "submit", _program.Write("inline.yaml", $"recipe: {Recipe}\n{Rest}"), "--dry-run");
        Assert.Equal(inline.Output, file.Output);
    }

    private async Task UseKey(string role)
    {
        ProgramResult made = await _program.Run("key", "create", "--role", role, "--store", _program.Store());
        _program.Variables["STYLECLIP_API_KEY"] = made.Output.Trim();
        _program.Variables["STYLECLIP_GATEWAY"] = $"http://127.0.0.1:{_port}";
    }

    private Task<ServerProcess> Node(string name) =>
        _program.Serve(" is ready: ", "node", "--store", _program.Store(), "--name", name, "--devices", "1", "--cache", Path.Combine(_program.Folder, "packs"));

    private Task<ServerProcess> Gateway() =>
        _program.Serve("Gateway at", "gateway", "--store", _program.Store(), "--port", _port.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private async Task<ProgramResult> Done(params string[] arguments)
    {
        ProgramResult result = await _program.Run(arguments);
        Assert.True(result.ExitCode == 0, $"styleclip {string.Join(' ', arguments)}: {result.ExitCode}\n{result.Output}\n{result.Errors}");
        return result;
    }

    // Below the ephemeral range: no outgoing connection takes it while the gateway is down.
    private static int FreePort()
    {
        for (int port = 18_000 + Environment.ProcessId % 1_000; ; port++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // the next one, then
            }
        }
    }
}
