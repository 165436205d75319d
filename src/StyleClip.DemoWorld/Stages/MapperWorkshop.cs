using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Validation;
using StyleClip.Models.Packs;
using StyleClip.Training.Gradients;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;

namespace StyleClip.DemoWorld.Stages;

/// <summary>Trains mappers on a pack by the <c>default</c> recipe, as a sweep does, on one bank of latents.</summary>
internal sealed class MapperWorkshop : IDisposable
{
    private readonly FrozenNetworks _pack;
    private readonly BankSpec _bankSpec;
    private readonly LatentBank _bank;
    private readonly RecipeSpec _recipe;

    /// <param name="pack">The networks; stays the caller's.</param>
    /// <param name="steps">Steps per prompt.</param>
    /// <param name="latents">Size of the bank.</param>
    /// <param name="seed">Seed of the bank and of the mappers.</param>
    public MapperWorkshop(FrozenNetworks pack, int steps, int latents = 1024, long seed = 1)
    {
        _pack = pack;
        Seed = seed;
        SpecDocument file = BuiltInRecipes.Find("default")!;
        RecipeSpec recipe = RecipeReader.Read(file.Yaml, file.FileName);
        // Ten style layers where the published generator has eighteen.
        _recipe = recipe with { Steps = steps, Mapper = recipe.Mapper with { CoarseEnd = 3, MediumEnd = 6 } };
        _bankSpec = new() { Count = latents, Validation = 32, Truncation = pack.Manifest.Truncation, Seed = seed };
        byte[][] shards = [.. Enumerable.Range(0, BankBuilder.ShardCount(_bankSpec)).Select(shard => BankBuilder.PrepareShard(_bankSpec, pack, _recipe.Loss.ClipInput, shard))];
        _bank = LatentBank.Load(
            new()
            {
                Spec = _bankSpec,
                Pack = pack.ManifestDigest,
                DeviceKind = "cpu",
                ClipInput = _recipe.Loss.ClipInput,
                TrainingCount = latents,
                ValidationCount = _bankSpec.Validation,
                Shards = [.. shards.Select(bytes => new ArtifactRef(Digest.Of(bytes), bytes.Length, MediaTypes.Safetensors))],
            },
            shards);
    }

    public long Seed { get; }

    /// <summary>Trains a mapper; the edit takes W+ to W+ and lives as long as the result.</summary>
    public TrainedEdit Train(string prompt)
    {
        var job = new JobSpec { Prompt = prompt, Pack = _pack.ManifestDigest, Bank = _bankSpec, Recipe = _recipe, Seed = Seed, Gate = new() };
        using var training = new MapperTraining(job, _pack, _bank);
        TrainingOutcome outcome = training.Run(LocalGradientExchange.Instance, new Deaf(), CancellationToken.None);
        return new(_pack, _recipe.Mapper, outcome.Mapper ?? throw new InvalidOperationException($"Training of '{prompt}' ended with {outcome.End}: {outcome.Reason}"));
    }

    public void Dispose() => _bank.Dispose();

    private sealed class Deaf : ITrainingObserver
    {
        public void OnStep(StepReport report)
        {
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnCheckpoint(TrainingCheckpoint checkpoint)
        {
        }
    }
}
