using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;
using StyleClip.Storage.Packs;
using static TorchSharp.torch;

namespace StyleClip.Cli.Mappers;

/// <summary>Copies a published mapper out of the catalogue, in our form or in that of the original program.</summary>
internal sealed class MapperExport(string cacheFolder, IArtifactStore store)
{
    /// <exception cref="InvalidDataException">There is no such mapper, or the original program cannot express it.</exception>
    public async Task Write(string mapper, int? number, MapperFormat format, bool asIs, string path, CancellationToken cancellationToken)
    {
        var catalogue = new Catalogue(store);
        CatalogueVersion version = (Digest.TryParse(mapper, out Digest digest) ? await catalogue.Find(digest, cancellationToken) : await catalogue.Find(mapper, number, cancellationToken))
            ?? throw new InvalidDataException($"The mapper is '{mapper}'{(number is null ? "" : $", version {number}")}; the catalogue of {store.Location} has no such one.");
        MapperCard card = await catalogue.ReadCard(version, cancellationToken);
        if (card.Method is { } method && method != EditMethod.Mapper && format != MapperFormat.Safetensors)
            throw new InvalidDataException($"{card.Slug} is no mapper but {(method == EditMethod.Direction ? "a direction" : "optimised latents")}, which the original program keeps in no file of its own; --format safetensors writes it as it is.");
        byte[] bytes = await store.Read(card.Mapper, cancellationToken);
        if (format == MapperFormat.Safetensors)
        {
            await File.WriteAllBytesAsync(path, bytes, cancellationToken);
            return;
        }

        if (!asIs) RequireExpressible(card.Recipe.Mapper);
        var packs = new PackLibrary(store);
        PackManifest pack = await packs.Read(card.Pack.Digest, cancellationToken);
        string folder = await packs.Fetch(card.Pack.Digest, Path.Combine(cacheFolder, "packs"), cancellationToken);
        using StateDict generator = SafetensorsReader.Read(Path.Combine(folder, pack.Files[PackRoles.Generator].Path));
        using MemoryStream stream = new(bytes, writable: false);
        using StateDict weights = SafetensorsReader.Read(stream, $"mapper {card.Mapper.Digest}");
        using StateDict all = Join(weights, generator, card.Recipe.Mapper);
        TorchFileWriter.Write(path, new[] { KeyValuePair.Create<string, object?>("state_dict", all), KeyValuePair.Create<string, object?>("opts", Options(card, pack)) });
    }

    // What the original program has as constants rather than options.
    private static void RequireExpressible(MapperRecipe recipe)
    {
        List<string> faults = [];
        bool isStyleSpace = recipe.Kind is MapperKind.FullStyleSpace or MapperKind.StyleSpaceWithoutToRgb;
        if (recipe.PixelNormAxis != PixelNormAxis.Layer && !isStyleSpace) faults.Add($"pixelNormAxis is {recipe.PixelNormAxis}; it normalises over the layers of a level");
        if (recipe.Kind == MapperKind.Levels && (recipe.CoarseEnd, recipe.MediumEnd) != (4, 8)) faults.Add($"the levels end at {recipe.CoarseEnd} and {recipe.MediumEnd}; its levels end at 4 and 8");
        if (recipe.Depth != 4) faults.Add($"depth is {recipe.Depth}; its mappers have 4 layers");
        if (recipe.Strength <= 0) faults.Add($"strength is {recipe.Strength}; it adds 0.1 of the mapper's output");
        if (faults.Count > 0)
            throw new InvalidDataException($"The original program would compute something else: {string.Join("; ", faults)}. Export safetensors, or give --as-is for programs that you adapt.");
    }

    // The last layer's activation keeps positive factors: the strength goes into its weights where it is not the original's 0.1.
    private static StateDict Join(StateDict mapper, StateDict generator, MapperRecipe recipe)
    {
        double factor = recipe.Strength / MapperCheckpoint.PublishedStrength;
        string last = $".mapping.{recipe.Depth}.";
        using IDisposable untracked = no_grad();
        return new StateDict(
        [
            .. mapper.Select(pair => KeyValuePair.Create(
                "mapper." + pair.Key,
                recipe.Strength > 0 && Math.Abs(factor - 1) > 1e-9 && pair.Key.Contains(last, StringComparison.Ordinal) ? pair.Value * factor : pair.Value.alias())),
            .. generator.Select(pair => KeyValuePair.Create("decoder." + pair.Key, pair.Value.alias())),
        ]);
    }

    private static KeyValuePair<string, object?>[] Options(MapperCard card, PackManifest pack)
    {
        MapperRecipe mapper = card.Recipe.Mapper;
        bool HasNo(Levels level) => mapper.Kind == MapperKind.Levels && !mapper.Levels.HasFlag(level);
        return
        [
            Option("mapper_type", mapper.Kind switch
            {
                MapperKind.Levels => "LevelsMapper",
                MapperKind.Single => "SingleMapper",
                MapperKind.FullStyleSpace => "FullStyleSpaceMapper",
                _ => "WithoutToRGBStyleSpaceMapper",
            }),
            Option("no_coarse_mapper", HasNo(Levels.Coarse)), Option("no_medium_mapper", HasNo(Levels.Medium)), Option("no_fine_mapper", HasNo(Levels.Fine)),
            Option("work_in_stylespace", mapper.Kind is MapperKind.FullStyleSpace or MapperKind.StyleSpaceWithoutToRgb),
            Option("stylegan_size", pack.Generator.Size), Option("description", card.Prompt),
            Option("clip_lambda", card.Recipe.Loss.Clip), Option("id_lambda", card.Recipe.Loss.Identity), Option("latent_l2_lambda", card.Recipe.Loss.LatentL2),
            Option("learning_rate", card.Recipe.Optimizer.LearningRate), Option("optim_name", card.Recipe.Optimizer.Kind == OptimizerKind.Ranger ? "ranger" : "adam"),
            Option("batch_size", card.Recipe.Batch.Size), Option("max_steps", card.Recipe.Steps), Option("checkpoint_path", null),
            Option("stylegan_weights", card.Pack.Name), Option("device", "cpu"),
            Option("mapper_digest", card.Mapper.Digest.ToString()), Option("pack_digest", card.Pack.Digest.ToString()),
        ];
    }

    private static KeyValuePair<string, object?> Option(string name, object? value) => KeyValuePair.Create(name, value);
}
