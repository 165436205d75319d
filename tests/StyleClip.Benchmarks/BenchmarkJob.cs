using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Packs;
using StyleClip.Reference.Packs;
using StyleClip.Training.Gradients;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using StyleClip.Training.Tests;
using static TorchSharp.torch;

namespace StyleClip.Benchmarks;

/// <summary>A job of the demo's size on the calling thread.</summary>
internal sealed class BenchmarkJob : IDisposable
{
    private readonly FrozenNetworks _networks;
    private readonly LatentBank _bank;
    private readonly JobSpec _spec;

    public BenchmarkJob(BenchmarkSettings settings)
    {
        set_num_threads(settings.Threads);
        _networks = settings.Pack is { } folder ? FrozenNetworks.Load(folder) : RandomPack.DemoSized();
        BankSpec bank = new() { Count = 96, Validation = 32, ShardSize = 128 };
        _bank = RandomBank.Load(bank, _networks);
        _spec = new()
        {
            Prompt = "a face with red hair",
            Pack = _networks.ManifestDigest,
            Bank = bank,
            Recipe = new()
            {
                Name = "benchmark",
                Steps = settings.Steps,
                Mapper = new() { CoarseEnd = 3, MediumEnd = 6 },
                Loss = new() { Identity = 0.5 },
                Optimizer = new() { Kind = OptimizerKind.Adam, LearningRate = 1, Schedule = ScheduleKind.Cosine },
                Batch = new() { Size = settings.Batch },
            },
            Seed = 1,
            Gate = new(),
        };
    }

    public void Train(Func<RecipeSpec, RecipeSpec> change, ITrainingObserver observer)
    {
        using MapperTraining training = new(_spec with { Recipe = change(_spec.Recipe) }, _networks, _bank);
        TrainingOutcome outcome = training.Run(LocalGradientExchange.Instance, observer, CancellationToken.None);
        if (outcome.End != TrainingEnd.Finished) throw new InvalidOperationException($"The training ended as {outcome.End}: {outcome.Reason}");
    }

    public void Dispose()
    {
        _bank.Dispose();
        _networks.Dispose();
    }
}
