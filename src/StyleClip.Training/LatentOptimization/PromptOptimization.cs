using System.Diagnostics;
using System.Globalization;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Baselines;
using StyleClip.Training.Devices;
using StyleClip.Training.Edits;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.LatentOptimization;

// N latents of the job, L style layers, D style width, C channels of a layer, H W pixels

/// <summary>
/// Optimises the first held-out latents of a job's bank towards its prompt, one after the other, on the calling thread; in free generation
/// the mean latent alone. A latent that is interrupted begins again, so that the result is a function of the job's spec alone, wherever it
/// pauses or is killed. The networks stay the caller's.
/// </summary>
public sealed class PromptOptimization : IDisposable
{
    private readonly JobSpec _job;
    private readonly OptimizationRecipe _recipe;
    private readonly int _steps;
    private readonly FrozenNetworks _networks;
    private readonly TrainingLabels _labels;
    private readonly ClipLoss _clip;
    private readonly IdentityLoss? _identity;
    private readonly PromptTarget _target;
    private readonly EditMeasurement _measurement;
    private readonly Tensor _starts; // [N, L, D]
    private readonly FinishedLatents _finished;
    private readonly List<(StripRow Before, StripRow After)> _faces = [];
    private readonly NativeMemory _memory = new();
    private TrainingOutcome? _outcome;

    /// <summary>Prepares a job, or continues one.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="networks">The networks of its pack.</param>
    /// <param name="latentFile">The file of latents, for a bank that is read from one.</param>
    /// <param name="state">State of a checkpoint of this job; null to begin.</param>
    /// <param name="labels">Labels of the instruments.</param>
    /// <exception cref="WeightsException">The state is damaged or of another job, or the file of latents does not fit.</exception>
    /// <exception cref="ArgumentException">
    /// The bank holds out too few latents, the prompt has words that the pack does not know, or the recipe asks for what its kind cannot do.
    /// </exception>
    public PromptOptimization(
        JobSpec spec,
        FrozenNetworks networks,
        ReadOnlyMemory<byte>? latentFile = null,
        ReadOnlyMemory<byte>? state = null,
        TrainingLabels? labels = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        (_job, _networks, _labels) = (spec, networks, labels ?? new());
        _recipe = spec.Recipe.Optimization ?? new();
        _steps = _recipe.StepsOrPublished();
        if (_recipe is { Kind: OptimizationKind.TediGan, Space: not OptimizationSpace.WPlus })
            throw new ArgumentException($"TediGAN's optimisation works in W+; the recipe asks for {_recipe.Space}.", nameof(spec));
        if (_recipe is { Kind: OptimizationKind.Free, Count: not 1 })
            throw new ArgumentException($"Free generation makes one latent; the recipe asks for {_recipe.Count}.", nameof(spec));
        _starts = Starts(latentFile);
        _clip = networks.ClipLoss(spec.Recipe.Loss.ClipInput);
        _identity = networks.IdentityLoss();
        _target = PromptTarget.Of(_clip, networks.Tokenize, spec.Prompt, spec.Neutral);
        _measurement = new(_target, _clip, _identity);
        NativeMemory.Trim(); // loading the networks leaves as much behind as they take
        // A null array becomes an empty memory on its way here.
        _finished = state is { IsEmpty: false } bytes ? FinishedLatents.FromState(bytes, spec) : new();
    }

    /// <summary>Updates of all finished latents.</summary>
    public int Step => _finished.Count * _steps;

    private int StepsTarget => _recipe.Count * _steps;

    /// <summary>Optimises until every latent is done or <paramref name="pause"/> asks to stop, which is looked at between steps.</summary>
    /// <param name="observer">Hears of every step, and of a measurement and a checkpoint after each latent.</param>
    /// <param name="pause">Asks to stop after the step at work. The latent at work is forgotten; the last checkpoint has all others.</param>
    /// <param name="abandoned">Ends the call after the step at work, with an exception.</param>
    /// <returns>How it ended; <see cref="TrainingOutcome.Mapper"/> are the optimised latents.</returns>
    /// <exception cref="OperationCanceledException">It is abandoned.</exception>
    public TrainingOutcome Run(ITrainingObserver observer, CancellationToken pause, CancellationToken abandoned = default)
    {
        ArgumentNullException.ThrowIfNull(observer);
        while (_outcome is null && _finished.Count < _recipe.Count)
        {
            using DisposeScope scope = NewDisposeScope();
            using ILatentOptimization optimization = Start();
            while (optimization.StepsDone < optimization.Steps)
            {
                abandoned.ThrowIfCancellationRequested();
                if (pause.IsCancellationRequested) return new(TrainingEnd.Paused, Step, null, null, null, Report());
                if (Advance(optimization, observer) is { } failure) return Diverged(failure);
            }

            if (Finish(optimization) is { } spoiled) return Diverged(spoiled);
            observer.OnValidation(Report()!);
            observer.OnCheckpoint(Checkpoint());
        }

        return _outcome ??= new(TrainingEnd.Finished, Step, null, _finished.ToResult(), Strip(), Report());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _finished.Dispose();
        _target.Dispose();
        _starts.Dispose();
    }

    private Tensor Starts(ReadOnlyMemory<byte>? latentFile)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor starts = _recipe.Kind == OptimizationKind.Free
            ? _networks.Generator.Repeat(_networks.MeanW.unsqueeze(0)) // [1, L, D]
            : BankBuilder.HeldOutWPlus(_job.Bank, _networks, _recipe.Count, latentFile);
        return starts.DetachFromDisposeScope();
    }

    private ILatentOptimization Start()
    {
        Tensor wPlus = _starts.narrow(0, _finished.Count, 1);
        if (_recipe.Kind == OptimizationKind.TediGan)
        {
            TediGanStart start = _recipe.Start == OptimizationStart.Code ? TediGanStart.Code : TediGanStart.Mean;
            TediGanOptions tediGan = new() { Steps = _steps, LearningRate = _recipe.LearningRate, Start = start };
            return new TediGanOptimizer(_networks.Generator, _clip, _target.Text, wPlus, _networks.MeanW, tediGan, _networks.PerceptualLoss());
        }

        bool isFree = _recipe.Kind == OptimizationKind.Free;
        LatentOptimizationOptions options = new()
        {
            Steps = _steps,
            LearningRate = _recipe.LearningRate,
            LambdaL2 = isFree ? 0 : _recipe.LatentL2,
            LambdaId = isFree || _identity is null ? 0 : _recipe.Identity,
        };
        return _recipe.Space == OptimizationSpace.WPlus
            ? LatentOptimizer.InWPlus(_networks.Generator, _clip, _identity, _target.Text, wPlus, options)
            : LatentOptimizer.InStyleSpace(_networks.Generator, _clip, _identity, _target.Text, wPlus, options);
    }

    /// <summary>One update. Returns why the job cannot go on, or null.</summary>
    private string? Advance(ILatentOptimization optimization, ITrainingObserver observer)
    {
        using DisposeScope scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        LatentOptimizationReport report = optimization.Step(out _);
        _memory.AfterStep();
        if (!report.IsFinite)
        {
            TrainingInstruments.NonfiniteSteps.Add(1, _labels.ByJob);
            return $"Step {optimization.StepsDone} of latent {_finished.Count + 1} is not finite: {Describe(report)}.";
        }

        TrainingInstruments.Steps.Add(1, _labels.ByJob);
        TrainingInstruments.Samples.Add(1, _labels.ByDevice());
        observer.OnStep(new StepReport
        {
            Step = Step + optimization.StepsDone,
            StepsTarget = StepsTarget,
            ClipLoss = report.Clip,
            IdentityLoss = report.Identity,
            LatentL2Loss = report.L2,
            Objective = report.Objective,
            GradientNorm = report.GradientNorm!.Value,
            LearningRate = report.LearningRate,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        });
        return null;
    }

    /// <summary>Measures the latent and keeps it. Returns why the job cannot go on, or null.</summary>
    private string? Finish(ILatentOptimization optimization)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor edited = optimization.Synthesize();
        LatentOptimizationReport report = optimization.Measure(edited);
        if (!report.IsFinite) return $"Latent {_finished.Count + 1} is not finite after its {_steps} steps: {Describe(report)}.";

        Tensor start = _starts.narrow(0, _finished.Count, 1);
        IReadOnlyList<Tensor> source = optimization.Latents.Count == 1 ? [start] : _networks.Generator.Styles(start);
        Tensor numbers = _measurement.Measure(optimization.StartImage, edited, new(optimization.Latents, source)); // [1, Columns]
        // Faces are in order: where those from before a checkpoint are missing, the strip renders them, and this one.
        if (_faces.Count == _finished.Count && _faces.Count < _job.Recipe.StripFaces) _faces.Add(Face(optimization.StartImage, edited));
        _finished.Add(optimization.Latents, [.. numbers.cpu().data<double>(), report.L2, report.Objective]);
        return null;
    }

    private TrainingCheckpoint Checkpoint()
    {
        ValidationReport? report = Report();
        byte[] state = _finished.ToState(_job);
        TrainingInstruments.CheckpointSize.Record(state.Length, _labels.ByDevice("stage", "state"));
        return new(Step, state, Strip(), report, report);
    }

    /// <summary>Means over the finished latents; null before there is one.</summary>
    private ValidationReport? Report()
    {
        if (_finished.Count == 0) return null;
        double[] means = _finished.Means();
        return _measurement.Report(Step, means, means[EditMeasurement.Columns], (_, _, _) => means[EditMeasurement.Columns + 1]);
    }

    private byte[] Strip()
    {
        while (_faces.Count < Math.Min(_finished.Count, _job.Recipe.StripFaces))
        {
            using IDisposable untracked = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor[] latent = [.. _finished[_faces.Count].Select(part => part.to(_starts.device))];
            _faces.Add(Face(
                _networks.Generator.Synthesize(_starts.narrow(0, _faces.Count, 1)),
                latent.Length == 1 ? _networks.Generator.Synthesize(latent[0]) : _networks.Generator.SynthesizeFromStyles(latent)));
        }

        return BeforeAfterStrip.Encode(BeforeAfterStrip.Join([.. _faces.Select(face => face.Before)]), BeforeAfterStrip.Join([.. _faces.Select(face => face.After)]));
    }

    private static (StripRow Before, StripRow After) Face(Tensor before, Tensor after) => (BeforeAfterStrip.Row(before), BeforeAfterStrip.Row(after));

    private TrainingOutcome Diverged(string reason) => _outcome = new(TrainingEnd.Diverged, Step, reason, null, null, Report());

    private static string Describe(LatentOptimizationReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"CLIP loss {report.Clip}, identity loss {report.Identity?.ToString(CultureInfo.InvariantCulture) ?? "none"}, latent loss {report.L2}, gradient norm {report.GradientNorm?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
}
