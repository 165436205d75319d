using StyleClip.Cli.Packs;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;

namespace StyleClip.Cli.Mappers;

/// <summary>A mapper's weights with what is known of it, from the catalogue or from a file. Owns the weights.</summary>
internal sealed class MapperSource : IDisposable
{
    private MapperSource(string name, StateDict weights, MapperRecipe recipe, MapperCard? card) =>
        (Name, Weights, Recipe, Card) = (name, weights, recipe, card);

    /// <summary>The mapper for messages.</summary>
    public string Name { get; }

    public StateDict Weights { get; }

    /// <summary>Its form and its own strength.</summary>
    public MapperRecipe Recipe { get; }

    /// <summary>Its card; null for a file that nothing is known of.</summary>
    public MapperCard? Card { get; }

    /// <summary>What the user must know where a file has no card; null where it has one.</summary>
    public string? Caution => Card is not null ? null
        : $"{Name} has no card; it is taken as the published code would: {(Recipe.Kind == MapperKind.Levels ? $"levels end at layers {Recipe.CoarseEnd} and {Recipe.MediumEnd}, " : "")}pixel norm over {Recipe.PixelNormAxis.ToString().ToLowerInvariant()}s. Its generator cannot be checked beyond its sizes.";

    /// <summary>Finds and reads a mapper, and makes sure that it is one for the pack's generator.</summary>
    /// <exception cref="InvalidDataException">There is no such mapper, or it is one for another generator.</exception>
    /// <exception cref="WeightsException">The file is no mapper, or does not fit.</exception>
    public static async Task<MapperSource> Open(MapperReference mapper, IArtifactStore store, PackPlace pack, CancellationToken cancellationToken)
    {
        MapperSource source = mapper.IsFile ? await OfFile(mapper.Name, store, pack, cancellationToken) : await OfCatalogue(mapper, store, cancellationToken);
        try
        {
            if (source.Card is { } card) RequireGenerator(source.Name, card.Pack, pack);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public void Dispose() => Weights.Dispose();

    private static async Task<MapperSource> OfCatalogue(MapperReference mapper, IArtifactStore store, CancellationToken cancellationToken)
    {
        var catalogue = new Catalogue(store);
        CatalogueVersion version = (Digest.TryParse(mapper.Name, out Digest digest) ? await catalogue.Find(digest, cancellationToken) : await catalogue.Find(mapper.Name, mapper.Version, cancellationToken))
            ?? throw new InvalidDataException($"The mapper is '{mapper.Name}'{(mapper.Version is null ? "" : $", version {mapper.Version}")}; the catalogue of {store.Location} has no such one.");
        MapperCard card = await catalogue.ReadCard(version, cancellationToken);
        using MemoryStream content = new(await store.Read(card.Mapper, cancellationToken), writable: false);
        return new($"{card.Slug}:{version.Number}", SafetensorsReader.Read(content, $"mapper {card.Mapper.Digest}"), card.Recipe.Mapper, card);
    }

    // A mapper's file carries weights alone: what its numbers mean is on the card, beside it or in the catalogue.
    private static async Task<MapperSource> OfFile(string path, IArtifactStore store, PackPlace pack, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(path);
        Digest digest = await Digest.OfAsync(content, cancellationToken);
        MapperCard? card = await CardBeside(path, digest, cancellationToken);
        if (card is null && await new Catalogue(store).Find(digest, cancellationToken) is { } version)
            card = await new Catalogue(store).ReadCard(version, cancellationToken);

        using MapperCheckpoint checkpoint = MapperCheckpoint.Read(path);
        if (card is null) checkpoint.RequireFit(path, PackShapes.Spec(pack.Manifest.Generator));
        return new(path, new StateDict(checkpoint.Weights.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.alias()))), card?.Recipe.Mapper ?? checkpoint.Recipe, card);
    }

    private static async Task<MapperCard?> CardBeside(string path, Digest mapper, CancellationToken cancellationToken)
    {
        string place = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "card.json");
        if (!File.Exists(place)) return null;
        MapperCard card = ContractJson.FromBytes<MapperCard>(await File.ReadAllBytesAsync(place, cancellationToken), place);
        return card.Mapper.Digest == mapper ? card : null;
    }

    // Packs may share a generator and differ in CLIP: what a mapper moves are the generator's codes.
    private static void RequireGenerator(string name, CardPack trainedOn, PackPlace pack)
    {
        if (trainedOn.Digest == pack.Digest) return;
        Digest generator = pack.Manifest.Files[PackRoles.Generator].Digest;
        if (trainedOn.Files.TryGetValue(PackRoles.Generator, out Digest expected) && expected == generator) return;
        throw new InvalidDataException(
            $"{name} was trained for the generator of pack {trainedOn.Name} ({trainedOn.Digest}); pack {pack.Manifest.Name} ({pack.Digest}) has another generator. Give the pack that it was trained on, or train a mapper for this pack.");
    }
}
