using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Jobs;

/// <summary>What is exported of one job.</summary>
internal sealed class JobReadings(JobKey key)
{
    private Interruption? _interruption;

    public JobKey Key { get; } = key;

    public string Slug { get; private set; } = "";

    public JobPhase Phase { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>Updates done; the checkpoint's where no worker has reported since.</summary>
    public int Steps => Math.Max(Step?.Step ?? StepsDone, CheckpointStep);

    /// <summary>Steps done that measured nothing.</summary>
    public int StepsDone { get; set; }

    public StepReport? Step { get; private set; }

    public ValidationReport? Validation { get; set; }

    public ValidationReport? Best { get; private set; }

    public RecipeSpec? Recipe { get; private set; }

    /// <summary>What the job makes: mapper, direction, optimization or table.</summary>
    public string Kind { get; private set; } = "mapper";

    /// <summary>Weights of the loss terms; null where nothing is weighed, and for TediGAN's, whose terms are others.</summary>
    public (double Clip, double Identity, double LatentL2)? LossWeights => (Kind, Recipe) switch
    {
        ("mapper", { Loss: var loss }) => (loss.Clip, loss.Identity, loss.LatentL2),
        ("optimization", { Optimization: { Kind: not OptimizationKind.TediGan } optimization }) => (1, optimization.Identity, optimization.LatentL2),
        _ => null,
    };

    /// <summary>Updates between two checkpoints; null where none are written.</summary>
    public int? CheckpointEverySteps => (Kind, Recipe) switch
    {
        ("mapper", { } recipe) => recipe.CheckpointEverySteps,
        ("optimization", { Optimization: { } optimization }) => optimization.StepsOrPublished(), // after each latent
        _ => null,
    };

    public string? DeviceKind { get; private set; }

    public long Seed { get; private set; }

    public GateSpec? Gate { get; private set; }

    public int Width { get; private set; }

    public int CheckpointStep { get; private set; }

    /// <summary>When the newest checkpoint was stored; null where another process saw it.</summary>
    public DateTimeOffset? CheckpointedAt { get; set; }

    /// <summary>When the job was submitted, until its first step.</summary>
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>When the job ended; null where it has not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public void Read(JobState state, DateTimeOffset now)
    {
        if (Epoch != state.Epoch) (Epoch, Step) = (state.Epoch, null);
        Phase = state.Phase;
        EndedAt = state.Phase.HasEnded() ? EndedAt ?? now : null;
        Best = state.Best;
        Validation = state.LastValidation ?? Validation;
        Slug = state.Spec is null ? "" : state.Spec.Slug();
        Recipe = state.Spec?.Recipe;
        Kind = state.Spec switch
        {
            { Table: not null } => "table",
            { Method: EditMethod.Direction } => "direction",
            { Method: EditMethod.Optimization } => "optimization",
            _ => "mapper",
        };
        DeviceKind = state.DeviceKind ?? DeviceKind;
        Seed = state.Spec?.Seed ?? 0;
        Gate = state.Spec?.Gate;
        Width = state.Lease is null ? 0 : 1 + state.Followers.Length;
        CheckpointStep = state.Result?.Steps ?? state.CheckpointStep;
    }

    /// <summary>Training stands still from now on. An interruption that lasts counts from its beginning.</summary>
    public void Interrupt(RecoveryKind kind, DateTimeOffset now) => _interruption ??= new Interruption(kind, now, Steps, HasNewLeader: false);

    /// <summary>A new worker leads: whatever step it reports first, training goes on.</summary>
    public void Assigned()
    {
        if (_interruption is { } interruption) _interruption = interruption with { HasNewLeader = true };
    }

    /// <summary>Nobody expects the job to go on.</summary>
    public void Rest() => (_interruption, SubmittedAt) = (null, null);

    /// <summary>Takes a worker's newest step, and returns the interruption that it ends.</summary>
    public (RecoveryKind Kind, DateTimeOffset Since)? Report(StepReport step)
    {
        Step = step;
        if (_interruption is not { } interruption || !(interruption.HasNewLeader || step.Step > interruption.Step)) return null;
        _interruption = null;
        return (interruption.Kind, interruption.Since);
    }

    private sealed record Interruption(RecoveryKind Kind, DateTimeOffset Since, int Step, bool HasNewLeader);
}
