using StyleClip.Cli.Packs;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;
using StyleClip.Training.Directions;
using StyleClip.Training.Edits;
using StyleClip.Training.Mapping;

namespace StyleClip.Cli.Edits;

/// <summary>A mapper's or a direction's file with what is known of it, from the catalogue or from a folder. Owns the tensors.</summary>
internal sealed class EditSource : IDisposable
{
    private readonly StateDict _file;

    private EditSource(string name, StateDict file, MapperRecipe? mapper, MapperCard? card) =>
        (Name, _file, Mapper, Card) = (name, file, mapper, card);

    /// <summary>The edit for messages.</summary>
    public string Name { get; }

    /// <summary>Form of the mapper; null for a direction.</summary>
    public MapperRecipe? Mapper { get; }

    /// <summary>Its card; null for a file that nothing is known of.</summary>
    public MapperCard? Card { get; }

    /// <summary>How the edit was made.</summary>
    public EditMethod Method => Mapper is null ? EditMethod.Direction : EditMethod.Mapper;

    /// <summary>The strength that it was trained with, or meant for.</summary>
    /// <exception cref="WeightsException">A direction does not say it.</exception>
    public double Strength => Mapper?.Strength ?? DirectionFile.Alpha(_file, Name);

    /// <summary>What the user must know where a file has no card; null where it has one.</summary>
    public string? Caution => (Card, Mapper) switch
    {
        (not null, _) => null,
        (_, { } mapper) => $"{Name} has no card; it is taken as the published code would: {(mapper.Kind == MapperKind.Levels ? $"levels end at layers {mapper.CoarseEnd} and {mapper.MediumEnd}, " : "")}pixel norm over {mapper.PixelNormAxis.ToString().ToLowerInvariant()}s. Its generator cannot be checked beyond its sizes.",
        _ => $"{Name} has no card; the generator of the direction cannot be checked beyond its sizes.",
    };

    /// <summary>Finds and reads an edit, and makes sure that it is one for the pack's generator.</summary>
    /// <exception cref="InvalidDataException">There is no such edit, or it is one for another generator or for its own latents alone.</exception>
    /// <exception cref="WeightsException">The file is no edit, or does not fit.</exception>
    public static async Task<EditSource> Open(EditReference edit, IArtifactStore store, PackPlace pack, CancellationToken cancellationToken)
    {
        EditSource source = edit.IsFile ? await OfFile(edit.Name, store, pack, cancellationToken) : await OfCatalogue(edit, store, cancellationToken);
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

    /// <summary>Puts the edit to work, on the device's thread.</summary>
    /// <exception cref="WeightsException">It does not fit the generator.</exception>
    public ICodeEdit Load(FrozenNetworks networks)
    {
        if (Mapper is null) return DirectionFile.Read(_file, Name, networks.Generator.Spec, networks.MeanW.device);
        MapperEdit edit = MapperEdit.Create(Mapper, networks.Generator, seed: 0); // its weights are replaced
        try
        {
            _file.LoadInto(edit.Module, $"a {Mapper.Kind} mapper for the generator of pack {networks.Manifest.Name} ({Name})");
            return edit;
        }
        catch (WeightsException)
        {
            edit.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static async Task<EditSource> OfCatalogue(EditReference edit, IArtifactStore store, CancellationToken cancellationToken)
    {
        var catalogue = new Catalogue(store);
        CatalogueVersion version = (Digest.TryParse(edit.Name, out Digest digest) ? await catalogue.Find(digest, cancellationToken) : await catalogue.Find(edit.Name, edit.Version, cancellationToken))
            ?? throw new InvalidDataException($"The edit is '{edit.Name}'{(edit.Version is null ? "" : $", version {edit.Version}")}; the catalogue of {store.Location} has no such one.");
        MapperCard card = await catalogue.ReadCard(version, cancellationToken);
        string name = $"{card.Slug}:{version.Number}";
        if (card.Method == EditMethod.Optimization) throw Optimised(name);
        using MemoryStream content = new(await store.Read(card.Mapper, cancellationToken), writable: false);
        return new(name, SafetensorsReader.Read(content, $"{name} ({card.Mapper.Digest})"), card.Method == EditMethod.Direction ? null : card.Recipe.Mapper, card);
    }

    // A file carries numbers alone: what they mean is on the card, beside it or in the catalogue.
    private static async Task<EditSource> OfFile(string path, IArtifactStore store, PackPlace pack, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(path);
        Digest digest = await Digest.OfAsync(content, cancellationToken);
        MapperCard? card = await CardBeside(path, digest, cancellationToken);
        if (card is null && await new Catalogue(store).Find(digest, cancellationToken) is { } version)
            card = await new Catalogue(store).ReadCard(version, cancellationToken);

        using WeightFile file = WeightFile.Open(path);
        if (file.Root is StateDict tensors)
        {
            if (tensors.ContainsKey(LatentCodes.Key) || tensors.ContainsKey("style.0")) throw Optimised(path);
            if (DirectionFile.Is(tensors)) return new(path, SafetensorsReader.Read(path), mapper: null, card);
        }

        using MapperCheckpoint checkpoint = MapperCheckpoint.Read(path);
        if (card is null) checkpoint.RequireFit(path, PackShapes.Spec(pack.Manifest.Generator));
        return new(path, new StateDict(checkpoint.Weights.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.alias()))), card?.Recipe.Mapper ?? checkpoint.Recipe, card);
    }

    private static InvalidDataException Optimised(string name) =>
        new($"{name} holds latents that were optimised one by one, which say nothing about other latents; mappers and directions can be applied.");

    private static async Task<MapperCard?> CardBeside(string path, Digest edit, CancellationToken cancellationToken)
    {
        string place = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "card.json");
        if (!File.Exists(place)) return null;
        MapperCard card = ContractJson.FromBytes<MapperCard>(await File.ReadAllBytesAsync(place, cancellationToken), place);
        return card.Mapper.Digest == edit ? card : null;
    }

    // Packs may share a generator and differ in CLIP: what an edit moves are the generator's codes.
    private static void RequireGenerator(string name, CardPack trainedOn, PackPlace pack)
    {
        if (trainedOn.Digest == pack.Digest) return;
        Digest generator = pack.Manifest.Files[PackRoles.Generator].Digest;
        if (trainedOn.Files.TryGetValue(PackRoles.Generator, out Digest expected) && expected == generator) return;
        throw new InvalidDataException(
            $"{name} was trained for the generator of pack {trainedOn.Name} ({trainedOn.Digest}); pack {pack.Manifest.Name} ({pack.Digest}) has another generator. Give the pack that it was trained on, or train one for this pack.");
    }
}
