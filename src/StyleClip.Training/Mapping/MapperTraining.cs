using System.Diagnostics;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using StyleClip.Training.Gradients;
using StyleClip.Training.Latents;
using StyleClip.Training.Optim;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

/// <summary>
/// Trains one job's mapper on the calling thread, from its beginning or from a checkpoint. On one kind of device and build the result is
/// a function of the job's spec alone: where it pauses, where it is killed and who computes which micro-shard change none of its bytes.
/// Networks and bank stay the caller's.
/// </summary>
public sealed class MapperTraining : IDisposable
{
    private readonly JobSpec _job;
    private readonly RecipeSpec _recipe;
    private readonly LatentBank _bank;
    private readonly TrainingLabels _labels;
    private readonly Device _device;
    private readonly PromptTarget _target;
    private readonly MapperEdit _edit;
    private readonly MapperStep _step;
    private readonly MapperValidation _validation;
    private readonly IMapperOptimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly LatentOrder _order;
    private readonly FixedFaces _faces;
    private readonly NativeMemory _memory = new();
    private TrainingProgress _progress = new();
    private StateDict? _best;
    private int? _checkpointStep;
    private TrainingOutcome? _outcome;
    private IGradientExchange _exchange = LocalGradientExchange.Instance;

    /// <summary>Prepares a job, or continues one.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="networks">The networks of its pack.</param>
    /// <param name="bank">Its latents.</param>
    /// <param name="state">State of a checkpoint of this job; null to begin.</param>
    /// <param name="labels">Labels of the instruments.</param>
    /// <exception cref="WeightsException">The state is damaged or of another job.</exception>
    /// <exception cref="ArgumentException">The recipe does not fit the pack, or the prompt has words that the pack does not know.</exception>
    public MapperTraining(
        JobSpec spec,
        FrozenNetworks networks,
        LatentBank bank,
        ReadOnlyMemory<byte>? state = null,
        TrainingLabels? labels = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        (_job, _recipe, _bank, _labels) = (spec, spec.Recipe, bank, labels ?? new());
        if (_recipe.Loss.ClipTarget == ClipTarget.Directional && spec.Neutral is null)
            throw new ArgumentException($"The recipe compares directions in CLIP's space; the prompt '{spec.Prompt}' needs a neutral text for that.", nameof(spec));
        if (_recipe.Batch.Size % _recipe.Batch.MicroShards != 0)
            throw new ArgumentException($"The batch of {_recipe.Batch.Size} does not fall into {_recipe.Batch.MicroShards} equal micro-shards.", nameof(spec));

        _device = networks.MeanW.device;
        ClipLoss clip = networks.ClipLoss(_recipe.Loss.ClipInput);
        IdentityLoss? identity = networks.IdentityLoss();
        _target = PromptTarget.Of(clip, networks.Tokenize, spec.Prompt, spec.Neutral);
        _edit = MapperEdit.Create(_recipe.Mapper, networks.Generator, spec.Seed);
        _step = new(_edit, _recipe.Loss, clip, identity, _target);
        _validation = new(_edit, _recipe, clip, identity, _target, bank, _device);
        _optimizer = MapperOptimizer.Create(_recipe.Optimizer, _edit.Parameters);
        _schedule = LearningRateSchedule.From(_recipe.Optimizer, _recipe.Steps);
        _order = new(spec.Seed, bank.TrainingCount, _recipe.Batch.Size);
        _faces = new(_edit, bank, _recipe.StripFaces, _recipe.Validation.BatchSize, _device);
        NativeMemory.Trim(); // loading the networks leaves as much behind as they take
        if (state is not { IsEmpty: false } bytes) return; // a null array becomes an empty memory on its way here
        try
        {
            Restore(bytes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Updates done.</summary>
    public int Step => _progress.Step;

    /// <summary>Floats of a step's gradient vector: every parameter, then the terms.</summary>
    public int GradientLength => (int)_edit.Parameters.Sum(entry => entry.Parameter.numel()) + MicroShardGradient.Terms;

    /// <summary>
    /// Trains until the job is over, <paramref name="pause"/> asks to stop, which is looked at between steps, or the exchange ends. May be
    /// called again after a pause or with another exchange; a training that is over stays as it ended.
    /// </summary>
    /// <param name="exchange">The other members of the job, all of which are at this step with equal state.</param>
    /// <param name="observer">Hears of steps and validations, and of checkpoints where this member is the leader.</param>
    /// <param name="pause">Asks to stop after the step at work, with a checkpoint.</param>
    /// <returns>How it ended.</returns>
    public TrainingOutcome Run(IGradientExchange exchange, ITrainingObserver observer, CancellationToken pause)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(observer);
        if (_outcome is not null) return _outcome;
        if (exchange.IsLeader && !_exchange.IsLeader) _checkpointStep = null; // what the last leader stored is not known here
        _exchange = exchange;
        try
        {
            TrainingOutcome outcome = Run(observer, pause);
            if (outcome.End != TrainingEnd.Paused) _outcome = outcome;
            return outcome;
        }
        catch (OperationCanceledException) when (exchange.Ended.IsCancellationRequested)
        {
            return new(TrainingEnd.Interrupted, Step, null, null, null, _progress.Best);
        }
    }

    /// <summary>The whole state as it is now, as in a checkpoint: for a member that joins.</summary>
    public byte[] Capture()
    {
        using StateDict mapper = StateDict.From(_edit.Module);
        return TrainingStateFile.Write(_job, _progress, mapper, _optimizer.State, _best);
    }

    /// <summary>Takes over the state of another member.</summary>
    /// <param name="state">What <see cref="Capture"/> gave there.</param>
    /// <exception cref="WeightsException">The state is damaged or of another job.</exception>
    public void Adopt(ReadOnlyMemory<byte> state)
    {
        Restore(state);
        _checkpointStep = null; // it is a member's state, not one that the store has
        _outcome = null;
    }

    private TrainingOutcome Run(ITrainingObserver observer, CancellationToken pause)
    {
        while (true)
        {
            string? enough = _progress.EarlyStopReason(_recipe);
            if (enough is not null || Step >= _recipe.Steps)
            {
                return Checkpoint(observer) is { } spoiled
                    ? Diverged(spoiled)
                    : Over(Step >= _recipe.Steps ? TrainingEnd.Finished : TrainingEnd.EarlyStopped, Step >= _recipe.Steps ? null : enough);
            }

            if (pause.IsCancellationRequested)
                return Checkpoint(observer) is { } spoiled ? Diverged(spoiled) : new(TrainingEnd.Paused, Step, null, null, null, _progress.Best);

            string? failure = Advance(observer);
            if (failure is null && IsDue(_recipe.Validation.EverySteps)) failure = Validate(observer);
            if (failure is null && Step % _recipe.CheckpointEverySteps == 0) failure = Checkpoint(observer);
            if (failure is not null) return Diverged(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _best?.Dispose();
        _optimizer.Dispose();
        _edit.Dispose();
        _target.Dispose();
    }

    private bool IsDue(int everySteps) => Step % everySteps == 0 || Step == _recipe.Steps;

    /// <summary>One update. Returns why the job cannot go on, or null.</summary>
    private string? Advance(ITrainingObserver observer)
    {
        using DisposeScope scope = NewDisposeScope();
        _step.Clock.Start();
        Tensor total = TotalGradient();
        Tensor gradient = total.narrow(0, 0, total.shape[0] - MicroShardGradient.Terms);
        float[] numbers = [.. cat([total.narrow(0, gradient.shape[0], MicroShardGradient.Terms), gradient.norm().reshape(1)]).cpu().data<float>()];
        StepReport report = Report(numbers);
        _step.Clock.Lap(StepPhase.Reduce);
        if (!double.IsFinite(report.Objective) || !double.IsFinite(report.GradientNorm))
        {
            TrainingInstruments.NonfiniteSteps.Add(1, _labels.ByJob);
            return FormattableString.Invariant($"Step {report.Step} is not finite: CLIP loss {report.ClipLoss}, identity loss {report.IdentityLoss?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, latent loss {report.LatentL2Loss}, gradient norm {report.GradientNorm}.");
        }

        _optimizer.LearningRate = report.LearningRate;
        _optimizer.Step(Unflatten(gradient));
        _step.Clock.Lap(StepPhase.Optimizer);
        _progress = _progress with { Step = report.Step };
        _memory.AfterStep();
        _step.Clock.Record(_labels);
        if (_exchange.IsLeader) TrainingInstruments.Steps.Add(1, _labels.ByJob);
        observer.OnStep(report with { Seconds = _step.Clock.Seconds });
        return null;
    }

    /// <summary>Mean over the global batch of gradient and terms, [P + 3].</summary>
    private Tensor TotalGradient()
    {
        int microShards = _recipe.Batch.MicroShards, latentsPerShard = _recipe.Batch.Size / microShards;
        List<MicroShardGradient> own = [];
        foreach (int shard in _exchange.Assign(Step, microShards))
        {
            _exchange.Ended.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            LatentBatch batch = _bank.Training(_order.Indices(Step, shard * latentsPerShard, latentsPerShard), _device);
            own.Add(new(shard, scope.MoveToOuter(_step.Run(batch).Flatten())));
        }

        TrainingInstruments.Samples.Add(own.Count * latentsPerShard, _labels.ByDevice());
        return _exchange.Sum(Step, microShards, own).div_(microShards);
    }

    private StepReport Report(float[] numbers)
    {
        double? identity = _step.HasIdentityTerm ? numbers[1] : null;
        return new()
        {
            Step = Step + 1,
            StepsTarget = _recipe.Steps,
            ClipLoss = numbers[0],
            IdentityLoss = identity,
            LatentL2Loss = numbers[2],
            Objective = _recipe.Loss.Objective(numbers[0], identity, numbers[2]),
            GradientNorm = numbers[3],
            LearningRate = _schedule.At(Step),
            Seconds = 0,
        };
    }

    private Tensor[] Unflatten(Tensor gradient)
    {
        var parts = new Tensor[_edit.Parameters.Count];
        long start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            long[] shape = _edit.Parameters[i].Parameter.shape;
            long length = shape.Aggregate(1L, (product, size) => product * size);
            parts[i] = gradient.narrow(0, start, length).view(shape);
            start += length;
        }

        return parts;
    }

    /// <summary>Measures the held-out latents and keeps the mapper if it is the best one. Returns why the job cannot go on, or null.</summary>
    private string? Validate(ITrainingObserver observer)
    {
        ValidationReport report = _validation.Measure(Step, _memory);
        if (!double.IsFinite(report.Objective))
            return FormattableString.Invariant($"The validation at step {Step} is not finite: CLIP loss {report.ClipLoss}, latent loss {report.LatentL2Loss}.");

        bool isBest = BestChoice.IsBetter(report, _progress.Best, _job.Gate);
        _progress = _progress.After(report, _recipe) with { Best = isBest ? report : _progress.Best };
        if (isBest)
        {
            _best?.Dispose();
            _best = StateDict.From(_edit.Module);
        }

        observer.OnValidation(report);
        return _progress.DivergenceReason(_recipe);
    }

    /// <summary>Makes a checkpoint of this step unless there is one. Returns why the state must not be kept, or null.</summary>
    private string? Checkpoint(ITrainingObserver observer)
    {
        if (_checkpointStep == Step) return null;
        long start = Stopwatch.GetTimestamp();
        if (NotFinite() is { } name) return $"{name} of the mapper is not finite after step {Step}.";
        if (_exchange.IsLeader)
        {
            byte[] state = Capture();
            observer.OnCheckpoint(new(Step, state, _faces.Strip(), _progress.Newest, _progress.Best));
            TrainingInstruments.CheckpointSize.Record(state.Length, _labels.ByDevice("stage", "state"));
        }

        _checkpointStep = Step;
        TrainingInstruments.CheckpointDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, _labels.ByDevice("stage", "state"));
        return null;
    }

    // A finite gradient can still carry a weight over the largest float.
    private string? NotFinite()
    {
        using DisposeScope scope = NewDisposeScope();
        return _edit.Parameters.FirstOrDefault(entry => !entry.Parameter.isfinite().all().item<bool>()).Name;
    }

    private TrainingOutcome Diverged(string reason) => Over(TrainingEnd.Diverged, reason);

    /// <summary>Ends with the best mapper; the present one is not needed any more.</summary>
    private TrainingOutcome Over(TrainingEnd end, string? reason)
    {
        if (_best is null) return new(end, Step, reason, null, null, null);
        _best.LoadInto(_edit.Module, "the best mapper");
        return new(end, Step, reason, SafetensorsWriter.ToBytes(_best), _faces.Strip(), _progress.Best);
    }

    private void Restore(ReadOnlyMemory<byte> bytes)
    {
        using TrainingStateFile state = TrainingStateFile.Read(bytes, _job);
        state.Mapper.LoadInto(_edit.Module, "the mapper");
        _optimizer.Restore(state.Optimizer, state.Progress.Step);
        _progress = state.Progress;
        _checkpointStep = Step;
        _best?.Dispose();
        _best = null;
        if (state.Best.Count == 0) return;
        using DisposeScope scope = NewDisposeScope();
        _best = new StateDict(state.Best.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.to(_device, copy: true))));
    }
}
