using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Directions;
using StyleClip.Cli.Latents;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Directions;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip directions apply</c>: pictures of latents before and after edits by text.</summary>
internal static class DirectionsApplyCommand
{
    private const int DefaultCount = 6;
    private const int DefaultAutoBeta = 20;

    public static Command Create()
    {
        var target = new Option<string[]>("--target") { Description = "What the edited image shows; @ALPHA after it sets its own strength. Given several times, the edits are combined.", Required = true };
        var neutral = new Option<string[]>("--neutral") { Description = "What the unedited image shows: once, or once for each target.", Required = true };
        var alpha = new Option<double[]>("--alpha")
        {
            Description = "Strength of edits without one of their own; several, separated by commas, give a row of pictures each. May be negative.",
            CustomParser = Numbers,
            DefaultValueFactory = _ => [3],
        };
        var beta = new Option<double?>("--beta") { Description = "Least relevance of a channel that takes part. Small: strong, wide edits; large: only the channels that matter most." };
        var autoBeta = new Option<int?>("--auto-beta")
        {
            Description = $"Choose beta, which is the default: the largest of 0.29 to 0.10 that more than so many channels reach; {DefaultAutoBeta} where no number follows.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> table = CommonOptions.Text("--table", "Name or digest of the table; the pack's newest by default.");
        var output = new Option<string>("--out") { Description = "NAME.png for a strip, or a folder for the strip and every picture at full size; of several edits a folder gets each one's strip too.", Required = true };
        var form = new Option<OutputForm>("--output") { Description = "text, or json: one JSON document on standard output.", DefaultValueFactory = _ => OutputForm.Text };
        CommonOptions.RequireRange(autoBeta, 0, 1_000_000);
        beta.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0 and <= 1))) result.AddError("--beta must be 0 to 1.");
        });
        var latents = new SourceLatentOptions(DefaultCount);
        var device = new LocalDeviceOptions();
        var command = new Command("apply", "Edit latents by text with a pack's direction table: before in the first row, after below.") { target, neutral, alpha, beta, autoBeta, table, output, form };
        command.Validators.Add(result =>
        {
            if (result.GetResult(beta) is { Implicit: false } && result.GetResult(autoBeta) is { Implicit: false }) result.AddError("Give --beta or --auto-beta, not both.");
        });
        latents.AddTo(command);
        device.AddTo(command);
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(() => Apply(
            new DirectionApplyRequest
            {
                Edits = TextEdit.Pair(parsed.GetRequiredValue(target), parsed.GetRequiredValue(neutral)),
                Alphas = parsed.GetRequiredValue(alpha),
                Beta = parsed.GetValue(beta),
                AutoBetaChannels = parsed.GetValue(autoBeta) ?? DefaultAutoBeta,
                Latents = latents.Read(parsed),
                Target = parsed.GetRequiredValue(output),
                Output = parsed.GetValue(form),
            },
            parsed.GetValue(table),
            device,
            parsed,
            cancellationToken)));
        return command;
    }

    private static async Task Apply(DirectionApplyRequest request, string? table, LocalDeviceOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        PackPlace pack = await options.FindPack(parsed, cancellationToken);
        DirectionTableEntry entry;
        byte[] bytes;
        using (IArtifactStore store = ArtifactStores.Open(parsed.GetRequiredValue(options.Store)))
        {
            entry = await TableChoice.Find(new DirectionLibrary(store), pack, table, cancellationToken);
            bytes = await store.Read(entry.Table, cancellationToken);
        }

        await using LocalDevice device = await options.Open(pack, parsed, cancellationToken);
        await new DirectionApply(request, entry.Name, bytes, device).Run(cancellationToken);
    }

    private static double[]? Numbers(ArgumentResult result)
    {
        List<double> numbers = [];
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            {
                numbers.Add(number);
                continue;
            }

            result.AddError($"--alpha has '{text}'; it must be numbers, such as 2,4,6.");
            return null;
        }

        return [.. numbers];
    }
}
