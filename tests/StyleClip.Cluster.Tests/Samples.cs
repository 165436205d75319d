using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Tests;

/// <summary>Valid records for tests to start from.</summary>
internal static class Samples
{
    public static readonly DeviceLease Lease = new("n1", 0, Guid.Parse("11111111-1111-1111-1111-111111111111"), "127.0.0.1:11111@1", Guid.Parse("22222222-2222-2222-2222-222222222222"));

    public static readonly ArtifactRef Artifact = new(Digest.Of([1, 2, 3]), 3, MediaTypes.Safetensors);

    public static JobSpec Job(string prompt = "red hair", GateSpec? gate = null) => new()
    {
        Prompt = prompt,
        Pack = Digest.Of("pack"u8),
        Bank = new BankSpec { Count = 8, Validation = 2 },
        Recipe = new RecipeSpec { Name = "test", Steps = 100 },
        Seed = 1,
        Gate = gate ?? new GateSpec(),
    };

    public static ValidationReport Validation(int step = 50, double gain = 0.2, double identity = 0.95) => new()
    {
        Step = step,
        ClipLoss = 0.7,
        IdentityLoss = 1 - identity,
        LatentL2Loss = 0.01,
        Objective = 0.8,
        SourceSimilarity = 0.1,
        EditedSimilarity = 0.1 + gain,
        IdentitySimilarity = identity,
        LatentShiftNorm = 1,
    };

    public static CheckpointManifest Checkpoint(int step, long epoch = 1) => new()
    {
        Job = JobId.Of(Job()),
        Epoch = epoch,
        Step = step,
        State = Artifact,
        Strip = Artifact,
        Best = Validation(step),
        DeviceKind = "cpu-test",
        Build = "test",
    };

    public static TrainingResult Result(ValidationReport? metrics = null) => new()
    {
        Mapper = Artifact,
        Strip = Artifact,
        Metrics = metrics ?? Validation(100),
        Steps = 100,
        DeviceKind = "cpu-test",
        Build = "test",
    };

    public static SweepPlan Plan(params string[] prompts) => new() { Name = "sample", Jobs = [.. prompts.Select(prompt => Job(prompt))] };
}
