using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Edits;
using StyleClip.Cli.Latents;
using StyleClip.Cli.Mappers;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Running;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip mapper apply</c>: pictures of latents before and after edits.</summary>
internal static class MapperApplyCommand
{
    private const int DefaultCount = 6;

    public static Command Create()
    {
        var edits = new Argument<string[]>("edits")
        {
            Description = "Mappers and directions of the catalogue, SLUG[:VERSION] or a digest, or files; @STRENGTH after one sets its strength, such as @0.12 or @-2. Several are combined.",
            Arity = ArgumentArity.OneOrMore,
        };
        var strength = new Option<double[]>("--strength")
        {
            Description = "Strength of edits without one of their own; several, separated by commas, give a row of pictures each. By default what each mapper was trained with, and a direction's alpha.",
            CustomParser = Numbers,
        };
        var target = new Option<string>("--out") { Description = "NAME.png for a strip, or a folder for a strip and every picture at full size.", Required = true };
        var output = new Option<OutputForm>("--output") { Description = "text, or json: one JSON document on standard output.", DefaultValueFactory = _ => OutputForm.Text };
        var latents = new SourceLatentOptions(DefaultCount);
        var device = new LocalDeviceOptions();
        var command = new Command("apply", "Show what mappers and directions do to latents: before in the first row, after below.") { edits, strength, target, output };
        latents.AddTo(command);
        device.AddTo(command);
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(() => Apply(
            new MapperApplyRequest
            {
                Edits = [.. parsed.GetRequiredValue(edits).Select(EditReference.Parse)],
                Strengths = parsed.GetValue(strength) ?? [],
                Latents = latents.Read(parsed),
                Target = parsed.GetRequiredValue(target),
                Output = parsed.GetValue(output),
            },
            device,
            parsed,
            cancellationToken)));
        return command;
    }

    private static async Task Apply(MapperApplyRequest request, LocalDeviceOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        PackPlace pack = await options.FindPack(parsed, cancellationToken);
        List<EditSource> sources = [];
        try
        {
            using (IArtifactStore store = ArtifactStores.Open(parsed.GetRequiredValue(options.Store)))
            {
                foreach (EditReference edit in request.Edits) sources.Add(await EditSource.Open(edit, store, pack, cancellationToken));
            }

            foreach (string caution in sources.Select(source => source.Caution).OfType<string>()) await Console.Error.WriteLineAsync(caution);
            await using LocalDevice device = await options.Open(pack, parsed, cancellationToken);
            await new MapperApply(request, sources, device).Run(cancellationToken);
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
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

            result.AddError($"--strength has '{text}'; it must be numbers, such as 0.05,0.1,0.15.");
            return null;
        }

        return [.. numbers];
    }
}
