using System.Diagnostics;
using StyleClip.Cli.Comparing.Reports;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Sweeps;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;
using StyleClip.Training.Comparison;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Comparing;

/// <summary>Measures what the jobs of a comparison have made, all on one device and by one evaluator.</summary>
internal sealed class ComparisonMeasurement(
    ComparisonPlan plan, IReadOnlyList<SweepStatus> tables, IReadOnlyList<SweepStatus> methods, IArtifactStore store, LocalDevice device, RunRequest request)
{
    // Enough latents to see how long one takes.
    private const int TimedLatents = 32;
    private const int SmallPicture = 256;

    private readonly ComparisonSpec _spec = plan.Spec;
    private readonly Dictionary<(int Prompt, ComparisonMethod Method), IReadOnlyList<byte[]>> _pictures = [];

    /// <exception cref="WeightsException">A result does not fit its job.</exception>
    public async Task<(ComparisonReport Report, ReportPictures Pictures)> Measure(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? latentFile = plan.Bank.Digest is { } digest ? await store.ReadVerified(digest, cancellationToken) : null;
        EditEvaluator evaluator = await device.Invoke(networks => Evaluator(networks, latentFile, cancellationToken), cancellationToken);
        try
        {
            List<ComparisonResult> prompts = [];
            for (int prompt = 0; prompt < _spec.Prompts.Count; prompt++) prompts.Add(await Prompt(prompt, evaluator, cancellationToken));
            MeasuredSeconds? bank = _spec.Methods.Contains(ComparisonMethod.Mapper)
                ? await device.Invoke(networks => BankSeconds(networks, latentFile, cancellationToken), cancellationToken)
                : null;
            return (Report(prompts, bank), new ReportPictures(evaluator.Pictures, _pictures));
        }
        finally
        {
            await device.Invoke(
                _ =>
                {
                    evaluator.Dispose();
                    return true;
                },
                CancellationToken.None);
        }
    }

    private EditEvaluator Evaluator(FrozenNetworks networks, ReadOnlyMemory<byte>? latentFile, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        return new EditEvaluator(
            networks, networks.Manifest.ClipInput, BankBuilder.HeldOutWPlus(plan.Bank, networks, _spec.Latents, latentFile), cancellationToken);
    }

    private async Task<ComparisonResult> Prompt(int prompt, EditEvaluator evaluator, CancellationToken cancellationToken)
    {
        List<ComparisonCell> cells = [];
        for (int method = 0; method < _spec.Methods.Count; method++) cells.Add(await Cell(prompt, method, evaluator, cancellationToken));
        ComparisonPrompt text = _spec.Prompts[prompt];
        return new ComparisonResult { Prompt = text.Text, Neutral = text.Neutral, Kind = text.Kind, Cells = cells };
    }

    private async Task<ComparisonCell> Cell(int prompt, int method, EditEvaluator evaluator, CancellationToken cancellationToken)
    {
        JobSpec spec = plan.Methods[method].Jobs[prompt];
        JobStatus job = methods[method].Jobs.Single(one => one.Id == JobId.Of(spec));
        var cell = new ComparisonCell
        {
            Method = _spec.Methods[method],
            Job = job.Id,
            Phase = job.Phase,
            Reason = job.Reason,
            Result = job.Mapper,
            Steps = job.Step,
        };
        if (job.Mapper is not { } artifact) return cell;

        byte[] bytes = await store.Read(artifact, cancellationToken);
        EvaluatedEdit measured = await device.Invoke(networks => Measure(networks, evaluator, spec, bytes, cancellationToken), cancellationToken);
        _pictures.Add((prompt, cell.Method), measured.Pictures);
        bool isOptimized = spec.Method == EditMethod.Optimization;
        return cell with
        {
            PromptSeconds = isOptimized ? null : new MeasuredSeconds(job.DeviceSeconds, PromptWork(spec)),
            ImageSeconds = isOptimized
                ? new MeasuredSeconds(job.DeviceSeconds / _spec.Latents, $"the job's device seconds, which {Workers}, divided by its {_spec.Latents} latents")
                : new MeasuredSeconds(measured.ImageSeconds, $"edit and render one latent, mean of {_spec.Latents}, on {device.Kind}"),
            Mean = EditMeans.Of([.. measured.Latents]),
            Latents = measured.Latents,
            StepSimilarity = measured.StepSimilarity,
        };
    }

    private EvaluatedEdit Measure(FrozenNetworks networks, EditEvaluator evaluator, JobSpec spec, byte[] result, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(result, writable: false);
        using StateDict weights = SafetensorsReader.Read(stream, $"the result of '{spec.Prompt}'");
        using IComparedEdit edit = ComparedEdits.Open(spec, weights, networks, _spec.Latents);
        return evaluator.Measure(edit, spec.Prompt, spec.Neutral!, cancellationToken);
    }

    private string Workers => request.Devices == 1 ? "one device worked on" : $"{request.Devices} devices of this machine worked side by side on";

    private string PromptWork(JobSpec spec) => spec.Method == EditMethod.Direction
        ? $"the job's device seconds, which {Workers}: from both texts to the direction, applied to the held-out latents for its card"
        : $"the job's device seconds, which {Workers}: pack and bank loaded, the bank's part that was not prepared yet, training, validations, checkpoints";

    // The bank is prepared once, by whichever jobs need it first; how long a latent takes does not depend on which.
    private MeasuredSeconds BankSeconds(FrozenNetworks networks, ReadOnlyMemory<byte>? latentFile, CancellationToken cancellationToken)
    {
        BankSpec bank = plan.Bank;
        int all = BankPlan.Of(bank, latentFile).Count;
        int timed = Math.Min(TimedLatents, all);
        long start = Stopwatch.GetTimestamp();
        BankBuilder.PrepareShard(bank with { ShardSize = timed }, networks, networks.Manifest.ClipInput, shard: 0, latentFile, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new MeasuredSeconds(seconds / timed * all, $"the latent bank: {all:n0} latents rendered and embedded; {timed} were timed on {device.Kind}, the others are taken to be like them");
    }

    // Most comparisons have one table; where prompts ask for several, the report has their mean.
    private MeasuredSeconds? TableSeconds() => tables.Count == 0 ? null : new MeasuredSeconds(
        tables.SelectMany(sweep => sweep.Jobs).Average(job => job.DeviceSeconds),
        $"the direction table: device seconds of the job that measured it, which {Workers}");

    private ComparisonReport Report(IReadOnlyList<ComparisonResult> prompts, MeasuredSeconds? bank) => new()
    {
        Spec = _spec,
        Pack = device.Pack.Card(),
        PackDescription = device.Pack.Manifest.Description,
        ImageSize = device.Pack.Manifest.Generator.Size,
        ClipInput = device.Pack.Manifest.ClipInput,
        DeviceKind = device.Kind,
        Build = NodeBuild.Name,
        Methods = [.. _spec.Methods.Select((method, i) => Summary(method, methods[i].Id, [.. prompts.Select(prompt => prompt.Cells[i])], Preparation(method, bank)))],
        Prompts = prompts,
        Notes = [.. Notes(prompts)],
    };

    private MeasuredSeconds? Preparation(ComparisonMethod method, MeasuredSeconds? bank) => method switch
    {
        ComparisonMethod.Mapper => bank,
        ComparisonMethod.Direction => TableSeconds(),
        _ => null,
    };

    private static ComparisonSummary Summary(ComparisonMethod method, SweepId sweep, IReadOnlyList<ComparisonCell> cells, MeasuredSeconds? preparation)
    {
        ComparisonCell[] measured = [.. cells.Where(cell => cell.Mean is not null)];
        return new ComparisonSummary
        {
            Method = method,
            Sweep = sweep,
            Prompts = measured.Length,
            Mean = measured.Length == 0 ? null : EditMeans.Of([.. measured.Select(cell => cell.Mean!)]),
            StepSimilarity = measured.Length == 0 ? null : EditMeans.Of([.. measured.Select(cell => cell.StepSimilarity!)]),
            PreparationSeconds = preparation,
            PromptSeconds = Mean(measured.Select(cell => cell.PromptSeconds)),
            ImageSeconds = Mean(measured.Select(cell => cell.ImageSeconds)),
        };

        static MeasuredSeconds? Mean(IEnumerable<MeasuredSeconds?> seconds)
        {
            MeasuredSeconds[] all = [.. seconds.OfType<MeasuredSeconds>()];
            return all.Length == 0 ? null : all[0] with { Value = all.Average(one => one.Value) };
        }
    }

    private IEnumerable<string> Notes(IReadOnlyList<ComparisonResult> prompts)
    {
        yield return $"Means are over {_spec.Latents} latents of one pack: small differences say nothing.";
        yield return "Methods are compared at the strengths that the recipe gives them; another strength trades CLIP gain against identity.";
        yield return "Mappers and optimisations are trained to raise the similarity that CLIP gain measures, by the same network; directions are not trained on it.";
        if (device.Pack.Manifest.Generator.Size < SmallPicture)
            yield return $"Pictures have {device.Pack.Manifest.Generator.Size} pixels a side: fine detail, which some prompts are about, is hardly there to be edited.";
        if (device.Pack.Manifest.Identity is null) yield return "The pack has no identity network: identity similarity is left out.";
        if (_spec.Methods.Contains(ComparisonMethod.TediGan))
            yield return $"{(device.Pack.Manifest.Perceptual is null ? "TediGAN's VGG term (weight 5e-5) is left out: the pack has no such network. It" : "TediGAN")} starts at the mean latent, as published, unless the recipe says otherwise.";
        string[] withoutTruth = [.. prompts.Where(prompt => prompt.Cells.All(cell => cell.Mean?.EditedHasAttribute is null)).Select(prompt => $"“{prompt.Prompt}”")];
        if (withoutTruth.Length < prompts.Count) yield return "Which attributes are shown is the judgement of the pack's attribute network, which took no part in making the edits.";
        if (withoutTruth.Length > 0) yield return $"Whether the attribute is shown is left out for {string.Join(", ", withoutTruth)}: the pack has no network that could tell.";
    }
}
