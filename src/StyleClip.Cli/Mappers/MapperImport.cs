using System.Globalization;
using StyleClip.Cli.Packs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Nodes;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Models.Packs;
using StyleClip.Models.Packs.Import;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;
using StyleClip.Storage.Packs;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;

namespace StyleClip.Cli.Mappers;

/// <summary>Brings a mapper of the original program into the catalogue, measured on latents of its pack.</summary>
internal sealed class MapperImport(IArtifactStore store)
{
    private const string RecipeName = "imported";

    /// <exception cref="InvalidDataException">There is no prompt.</exception>
    /// <exception cref="WeightsException">The file is no mapper, or one for another generator.</exception>
    public async Task<(CatalogueEntry Entry, ValidationReport Metrics)> Publish(string file, PackPlace pack, string? prompt, int faces, long seed, CancellationToken cancellationToken)
    {
        using MapperCheckpoint mapper = MapperCheckpoint.Read(file);
        using FrozenNetworks networks = FrozenNetworks.Load(pack.Folder);
        mapper.RequireFit(file, networks.Generator.Spec);
        JobSpec job = Job(mapper, pack, prompt ?? mapper.Description
            ?? throw new InvalidDataException($"{file} does not say its prompt; give it with --prompt."), faces, seed);
        MapperMeasurement measurement = Measure(job, mapper, networks);

        await new PackLibrary(store).Publish(pack.Folder, cancellationToken);
        ArtifactRef weights = await store.Put(SafetensorsWriter.ToBytes(mapper.Weights), MediaTypes.Safetensors, cancellationToken);
        ArtifactRef strip = await store.Put(measurement.Strip, MediaTypes.Png, cancellationToken);
        CatalogueEntry entry = await new Catalogue(store).Publish(new MapperCard
        {
            Slug = Slug.Of(job.Prompt),
            Prompt = job.Prompt,
            Job = JobId.Of(job),
            Mapper = weights,
            Strip = strip,
            Pack = pack.Card(),
            Recipe = job.Recipe,
            Bank = job.Bank,
            Seed = job.Seed,
            Steps = job.Recipe.Steps,
            Metrics = measurement.Report,
            Gate = job.Gate,
            PassesGate = true,
            DeviceKind = DeviceKind.Cpu(TorchSharp.torch.get_num_threads()),
            Build = NodeBuild.Name,
            Origin = PackImporter.Origin(file, mapper.Format, ["The card's metrics were measured at import; steps are the file's option max_steps, 0 where it has none."]),
        }, cancellationToken);
        return (entry, measurement.Report);
    }

    private static MapperMeasurement Measure(JobSpec job, MapperCheckpoint mapper, FrozenNetworks networks)
    {
        byte[][] shards = [.. Enumerable.Range(0, BankBuilder.ShardCount(job.Bank)).Select(shard => BankBuilder.PrepareShard(job.Bank, networks, job.Recipe.Loss.ClipInput, shard))];
        var manifest = new BankManifest
        {
            Spec = job.Bank,
            Pack = job.Pack,
            DeviceKind = DeviceKind.Cpu(TorchSharp.torch.get_num_threads()),
            ClipInput = job.Recipe.Loss.ClipInput,
            TrainingCount = job.Bank.Count!.Value,
            ValidationCount = job.Bank.Validation,
            Shards = [],
        };
        using LatentBank bank = LatentBank.Load(manifest, shards);
        return MapperMeasurement.Of(job, mapper.Weights, networks, bank);
    }

    private static JobSpec Job(MapperCheckpoint mapper, PackPlace pack, string prompt, int faces, long seed)
    {
        LossRecipe published = new();
        return new JobSpec
        {
            Prompt = prompt,
            Pack = pack.Digest,
            Bank = new BankSpec { Count = 1, Validation = faces, Truncation = pack.Manifest.Truncation, Seed = seed },
            Recipe = new RecipeSpec
            {
                Name = RecipeName,
                Steps = (int)Number("max_steps", 0),
                Mapper = mapper.Recipe,
                Loss = published with
                {
                    Clip = Number("clip_lambda", published.Clip),
                    Identity = Number("id_lambda", published.Identity),
                    LatentL2 = Number("latent_l2_lambda", published.LatentL2),
                    ClipInput = ClipInput.Raw, // as the published code trains
                },
                StripFaces = Math.Min(faces, 8),
            },
            Seed = seed,
            Gate = new GateSpec(),
        };

        double Number(string option, double missing) =>
            mapper.Options.TryGetValue(option, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < 1e8 ? number : missing;
    }
}
