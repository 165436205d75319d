using System.Collections.Immutable;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;

namespace StyleClip.Cluster.Tests.Jobs;

public sealed class ResultPublisherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-publisher-").FullName;
    private readonly DirectoryArtifactStore _store;
    private readonly Catalogue _catalogue;
    private readonly DirectionLibrary _tables;
    private readonly ResultPublisher _publisher;

    public ResultPublisherTests()
    {
        _store = new DirectoryArtifactStore(_folder);
        (_catalogue, _tables) = (new Catalogue(_store), new DirectionLibrary(_store));
        _publisher = new ResultPublisher(_store, new PackLibrary(_store), _catalogue, _tables);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(null, "red-hair-6359320b", 1)]
    [InlineData(EditMethod.Direction, "red-hair-direction-6359320b", 1)]
    [InlineData(EditMethod.Optimization, "red-hair-optimization-6359320b", 2)]
    public async Task Every_method_s_result_is_in_the_catalogue_under_the_job_s_slug(EditMethod? method, string slug, int notes)
    {
        JobSpec spec = await Job(method);

        (ArtifactRef card, GateVerdict verdict) = await _publisher.Publish(spec, await Result(), Ct);

        Assert.True(verdict.Passes);
        CatalogueVersion version = Assert.Single((await _catalogue.Find(slug, Ct))!.Versions);
        Assert.Equal((card, method), (version.Card, version.Method));
        MapperCard stored = await _catalogue.ReadCard(version, Ct);
        Assert.Equal((method, true, notes), (stored.Method, stored.PassesGate, stored.Notes?.Count));
    }

    [Fact]
    public async Task A_freely_generated_picture_s_card_says_that_it_is_no_edit()
    {
        JobSpec optimization = await Job(EditMethod.Optimization);
        RecipeSpec recipe = optimization.Recipe with { Optimization = new OptimizationRecipe { Kind = OptimizationKind.Free } };
        JobSpec spec = optimization with { Recipe = recipe.For(EditMethod.Optimization, budget: null) };

        (ArtifactRef card, _) = await _publisher.Publish(spec, await Result(), Ct);

        MapperCard stored = await _store.ReadJson<MapperCard>(card.Digest, Ct);
        Assert.Equal("red-hair-free-6359320b", stored.Slug.ToString());
        Assert.Equal(2, stored.Notes!.Count);
        Assert.Contains("against that of the mean latent", stored.Notes[0], StringComparison.Ordinal);
        Assert.DoesNotContain("identity term", stored.Notes[1], StringComparison.Ordinal); // there is none to be off
    }

    [Theory]
    [InlineData(EditMethod.Direction)]
    [InlineData(EditMethod.Optimization)]
    public async Task The_gate_is_for_every_method_and_keeps_what_it_rejects(EditMethod method)
    {
        JobSpec spec = await Job(method) with { Gate = new GateSpec { ClipGain = 0.3 } };

        (ArtifactRef card, GateVerdict verdict) = await _publisher.Publish(spec, await Result(), Ct);

        Assert.Equal("The gate does not hold: CLIP gain 0.2 is below 0.3.", verdict.Reason);
        Assert.Null(await _catalogue.Find(spec.Slug(), Ct));
        MapperCard kept = await _store.ReadJson<MapperCard>(card.Digest, Ct);
        Assert.Equal((false, 0.2), (kept.PassesGate, Math.Round(kept.Metrics.ClipGain, 12)));
    }

    [Fact]
    public async Task A_table_goes_to_the_tables_and_never_replaces_another()
    {
        JobSpec spec = await Job(null) with { Prompt = "small", Table = new DirectionTableSpec { Images = 4 } };
        TrainingResult result = await Result() with { Metrics = null, Strip = null, TableRows = 9, TableFeatures = 4 };

        (ArtifactRef card, GateVerdict verdict) = await _publisher.Publish(spec, result, Ct);
        (ArtifactRef again, GateVerdict same) = await _publisher.Publish(spec, result, Ct);
        (_, GateVerdict other) = await _publisher.Publish(spec with { Table = new DirectionTableSpec { Images = 5 } }, result, Ct);

        Assert.Equal((true, true, card), (verdict.Passes, same.Passes, again));
        DirectionTableEntry entry = (await _tables.Find(spec.Pack, "small", Ct))!;
        Assert.Equal((card, 4, result.Mapper), (entry.Card, entry.Spec!.Images, entry.Table));
        Assert.Equal((9, 4), ((await _tables.ReadCard(entry, Ct)).Rows, (await _tables.ReadCard(entry, Ct)).Features));
        Assert.False(other.Passes);
        Assert.Contains("another table with the name 'small'", other.Reason, StringComparison.Ordinal);
        Assert.Empty(await _catalogue.List(Ct).ToListAsync(Ct));
    }

    private async Task<TrainingResult> Result()
    {
        ArtifactRef stored = await _store.Put(new byte[] { 1, 2, 3 }, MediaTypes.Safetensors, Ct);
        return Samples.Result() with { Mapper = stored, Strip = stored };
    }

    private async Task<JobSpec> Job(EditMethod? method)
    {
        JobSpec spec = Samples.Job();
        return spec with { Pack = (await _store.PutJson(Pack, Ct)).Digest, Method = method, Recipe = spec.Recipe.For(method ?? EditMethod.Mapper, budget: null) };
    }

    private static PackManifest Pack { get; } = new()
    {
        Name = "sample",
        Licence = "MIT",
        Files = ImmutableSortedDictionary<string, PackFile>.Empty
            .Add(PackRoles.Generator, new PackFile("generator.safetensors", Digest.Of("generator"u8), 9))
            .Add(PackRoles.Clip, new PackFile("clip.safetensors", Digest.Of("clip"u8), 4)),
        Generator = new PackGenerator { Size = 8, StyleDim = 2, MappingLayers = 2, Channels = ImmutableSortedDictionary<int, int>.Empty.Add(4, 8).Add(8, 8) },
        Clip = new PackClip
        {
            ImageSize = 32,
            PatchSize = 8,
            VisionWidth = 8,
            VisionLayers = 1,
            VisionHeads = 1,
            EmbedDim = 8,
            TextWidth = 8,
            TextLayers = 1,
            TextHeads = 1,
            ContextLength = 8,
            VocabularySize = 4,
        },
        Tokenizer = new PackTokenizer { Kind = PackTokenizerKind.Words, Words = ["a", "face"] },
        LatentAverage = [0f, 1f],
    };
}
