using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Packs;
using StyleClip.Reference.Packs;
using StyleClip.Training.Gradients;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests;

/// <summary>A tiny pack with a bank and a job on it.</summary>
public sealed class TrainingWorld : IDisposable
{
    public TrainingWorld()
    {
        set_num_threads(1);
        Networks = RandomPack.Tiny();
        Bank = RandomBank.Load(BankSpec, Networks);
        Job = new()
        {
            Prompt = "a face with red hair",
            Neutral = "a face",
            Pack = Networks.ManifestDigest,
            Bank = BankSpec,
            Recipe = Recipe,
            Seed = 7,
            Gate = new(),
        };
    }

    public static BankSpec BankSpec { get; } = new() { Count = 20, Validation = 6, ShardSize = 8, Seed = 3 };

    public static RecipeSpec Recipe { get; } = new()
    {
        Name = "test",
        Steps = 12,
        Mapper = new() { CoarseEnd = 2, MediumEnd = 4, Depth = 2 },
        Batch = new() { Size = 4, MicroShards = 2 },
        Validation = new() { EverySteps = 5, BatchSize = 4 },
        Optimizer = new() { Kind = OptimizerKind.Ranger, LearningRate = 0.5, Epsilon = 1e-8, Schedule = ScheduleKind.Cosine },
        CheckpointEverySteps = 4,
        StripFaces = 3,
    };

    public FrozenNetworks Networks { get; }

    public LatentBank Bank { get; }

    public JobSpec Job { get; }

    /// <summary>Trains from a state, or from the beginning, on the calling thread.</summary>
    public TrainingOutcome Train(
        JobSpec job, RecordingObserver observer, byte[]? state = null, IGradientExchange? exchange = null)
    {
        set_num_threads(1);
        using MapperTraining training = new(job, Networks, Bank, state);
        return training.Run(exchange ?? LocalGradientExchange.Instance, observer, observer.Pause);
    }

    public void Dispose()
    {
        Bank.Dispose();
        Networks.Dispose();
    }
}
