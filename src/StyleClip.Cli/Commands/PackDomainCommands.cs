using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Domain;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Running;
using StyleClip.Cli.Running.Display;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Domain;
using StyleClip.Training.Domain;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip pack probe|calibrate</c>: what a pack's generator can draw, and how that is told.</summary>
internal static class PackDomainCommands
{
    // Where a user finds a prompt in the list that the generator does not draw after all.
    private const int LowestShown = 5;

    public static IEnumerable<Command> Create() => [Probe(), Calibrate()];

    private static Command Probe()
    {
        var prompts = new Option<string[]>("--prompt") { Description = "A prompt; may be given several times." };
        Option<FileInfo?> file = CommonOptions.File("--prompts", "A text file with a prompt a line.");
        var output = new Option<OutputForm>("--output") { Description = "text, or json: one JSON document on standard output.", DefaultValueFactory = _ => OutputForm.Text };
        var settings = new DomainSettings();
        var device = new LocalDeviceOptions();
        var command = new Command("probe", "Say whether the generator can draw prompts, before mappers are trained for them.") { prompts, file, output };
        settings.AddTo(command);
        device.AddTo(command);
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            PackPlace pack = await device.FindPack(parsed, cancellationToken);
            IReadOnlyList<string> asked = [.. parsed.GetValue(prompts) ?? [], .. parsed.GetValue(file) is { } named ? PromptFile.Read(named.FullName) : []];
            if (asked.Count == 0) throw new InvalidDataException("There is nothing to ask for: give --prompt or --prompts.");
            PromptFile.Require(asked, pack.Manifest);
            (PackCalibration Content, Digest Digest)? calibration = await CalibrationSource.Find(pack, parsed.GetRequiredValue(device.Store), cancellationToken);
            DomainRecipe recipe = settings.IsGiven(parsed) ? settings.Read(parsed) : calibration?.Content.Probe ?? settings.Read(parsed);
            await using LocalDevice local = await device.Open(pack, parsed, cancellationToken);
            Write(await Probe(local, asked, recipe, calibration, cancellationToken), parsed.GetValue(output));
        }));
        return command;
    }

    private static async Task<ProbeDocument> Probe(
        LocalDevice device, IReadOnlyList<string> prompts, DomainRecipe recipe, (PackCalibration Content, Digest Digest)? calibration, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        ProbedPrompt[] probed = await device.Invoke(
            networks =>
            {
                using var pictures = new DomainPictures(networks, recipe.Pictures);
                var probe = new DomainProbe(networks, pictures, recipe, cancellationToken);
                var bar = new StepBar("probe", prompts.Count);
                return prompts.Select((prompt, index) =>
                {
                    DomainReport report = DomainJudge.Judge(DomainMeasurement.Of(probe, prompt), recipe, calibration);
                    if (prompts.Count > 1) bar.Show(index + 1, prompt);
                    return new ProbedPrompt(prompt, report);
                }).ToArray();
            },
            cancellationToken);
        return new ProbeDocument
        {
            Pack = device.Pack.Manifest.Name,
            DeviceKind = device.Kind,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 3),
            Prompts = probed,
        };
    }

    private static void Write(ProbeDocument document, OutputForm output)
    {
        if (output == OutputForm.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(document, ContractJson.Options));
            return;
        }

        foreach (ProbedPrompt probed in document.Prompts)
        {
            Console.WriteLine($"{probed.Prompt}: {JobText.Domain(probed.Domain.Verdict)}");
            Console.WriteLine($"  {probed.Domain.Sentence}");
        }
    }

    private static Command Calibrate()
    {
        Option<FileInfo?> file = CommonOptions.File("--prompts", "A text file with a prompt a line, all of which the generator can draw; by default descriptions of faces.");
        Option<FileInfo?> output = CommonOptions.File("--out", $"Write the calibration here, as {PackCalibration.FileName} of a pack's folder; it then goes into a store only where --store is given too.");
        var settings = new DomainSettings();
        var device = new LocalDeviceOptions();
        var command = new Command("calibrate", "Measure how near the generator comes to prompts that it can draw, for others to be compared with.") { file, output };
        settings.AddTo(command);
        device.AddTo(command);
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            PackPlace pack = await device.FindPack(parsed, cancellationToken);
            IReadOnlyList<string> prompts = parsed.GetValue(file) is { } named ? PromptFile.Read(named.FullName) : ReferencePrompts.Faces;
            if (prompts.Count < PackCalibration.LeastPrompts)
                throw new InvalidDataException($"There are {prompts.Count} prompts; a calibration needs at least {PackCalibration.LeastPrompts}.");
            PromptFile.Require(prompts, pack.Manifest);
            await using LocalDevice local = await device.Open(pack, parsed, cancellationToken);
            PackCalibration calibration = await Calibrate(local, prompts, settings.Read(parsed), cancellationToken);
            string? path = parsed.GetValue(output)?.FullName;
            if (path is not null) await File.WriteAllBytesAsync(path, ContractJson.ToBytes(calibration), cancellationToken);
            if (path is null || parsed.GetResult(device.Store) is { Implicit: false })
            {
                using IArtifactStore store = ArtifactStores.Open(parsed.GetRequiredValue(device.Store));
                await new CalibrationLibrary(store).Publish(calibration, cancellationToken);
            }

            Write(calibration);
        }));
        return command;
    }

    private static Task<PackCalibration> Calibrate(LocalDevice device, IReadOnlyList<string> prompts, DomainRecipe recipe, CancellationToken cancellationToken) => device.Invoke(
        networks =>
        {
            using var pictures = new DomainPictures(networks, recipe.Pictures);
            var probe = new DomainProbe(networks, pictures, recipe, cancellationToken);
            var bar = new StepBar("calibration", prompts.Count);
            CalibrationPrompt[] measured = [.. prompts.Select((prompt, index) =>
            {
                DomainReach drawn = probe.Draw(prompt);
                bar.Show(index + 1, prompt);
                return new CalibrationPrompt(prompt, drawn.Before, drawn.After);
            })];
            return new PackCalibration { Pack = device.Pack.Digest, Probe = recipe, Prompts = measured, DeviceKind = device.Kind, Build = NodeBuild.Name };
        },
        cancellationToken);

    private static void Write(PackCalibration calibration)
    {
        Digest digest = Digest.Of(ContractJson.ToBytes(calibration));
        DomainReference reference = DomainJudge.Reference(calibration, digest);
        Console.WriteLine(FormattableString.Invariant($"{reference.Prompts} prompts come to {reference.Lowest:0.000} to {reference.Highest:0.000}, median {reference.Median:0.000}: doubtful below {reference.Lowest:0.000}, outside below {reference.OutsideBelow:0.000}"));
        Console.WriteLine("The lowest; leave out what the generator does not draw:");
        foreach (CalibrationPrompt prompt in calibration.Prompts.OrderBy(prompt => prompt.DrawnSimilarity).Take(LowestShown))
            Console.WriteLine(FormattableString.Invariant($"  {prompt.DrawnSimilarity:0.000}  {prompt.Text}"));
        Console.WriteLine(digest);
    }
}
