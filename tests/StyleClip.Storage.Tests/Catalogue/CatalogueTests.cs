using Microsoft.Extensions.Time.Testing;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;
using Published = StyleClip.Storage.Catalogue.Catalogue;

namespace StyleClip.Storage.Tests.Catalogue;

public sealed class CatalogueTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DirectoryArtifactStore _store;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public CatalogueTests() => _store = new DirectoryArtifactStore(_directory.Root);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Versions_are_counted_from_one_and_never_change()
    {
        var catalogue = new Published(_store, _time);

        CatalogueEntry first = await catalogue.Publish(await Card("a face with a mohawk", seed: 1), Ct);
        _time.Advance(TimeSpan.FromHours(1));
        CatalogueEntry second = await catalogue.Publish(await Card("a face with a mohawk", seed: 2), Ct);

        Assert.Equal((1, 2), (first.Latest, second.Latest));
        Assert.Equal(first.Versions[0], second.Versions[0]);
        Assert.Equal([1, 2], second.Versions.Select(version => version.Number));
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 4, 4, 5, TimeSpan.Zero), second.Versions[1].Published);
        Assert.Equal(0.25, second.Versions[1].ClipGain, 12);
    }

    [Fact]
    public async Task Publishing_the_same_card_again_returns_its_version()
    {
        var catalogue = new Published(_store, _time);
        MapperCard card = await Card("glasses", seed: 1);
        await catalogue.Publish(card, Ct);
        CatalogueEntry before = await catalogue.Publish(await Card("glasses", seed: 2), Ct);
        _time.Advance(TimeSpan.FromHours(1));

        CatalogueEntry after = await catalogue.Publish(card, Ct);

        Assert.Equal(before.Versions, after.Versions);
    }

    [Fact]
    public async Task Publishers_at_the_same_time_lose_no_version()
    {
        using var otherStore = new DirectoryArtifactStore(_directory.Root);
        Published[] catalogues = [new(_store, _time), new(otherStore, _time)];
        MapperCard[] cards = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Card("angry", seed: i)));

        await Task.WhenAll(cards.Select((card, i) => catalogues[i % 2].Publish(card, Ct)));

        CatalogueEntry? entry = await catalogues[0].Find(Slug.Of("angry"), Ct);
        Assert.Equal(Enumerable.Range(1, 10), entry!.Versions.Select(version => version.Number));
        Assert.Equal(10, entry.Versions.Select(version => version.Card.Digest).Distinct().Count());
    }

    [Fact]
    public async Task A_mapper_is_found_by_slug_version_and_digest()
    {
        var catalogue = new Published(_store, _time);
        MapperCard first = await Card("a clown", seed: 1), second = await Card("a clown", seed: 2);
        await catalogue.Publish(first, Ct);
        CatalogueEntry entry = await catalogue.Publish(second, Ct);

        Assert.Equal(entry.Versions[1], await catalogue.Find(first.Slug, version: null, Ct));
        Assert.Equal(entry.Versions[0], await catalogue.Find(first.Slug, 1, Ct));
        Assert.Null(await catalogue.Find(first.Slug, 3, Ct));
        Assert.Null(await catalogue.Find("no-such-prompt", Ct));
        Assert.Equal(entry.Versions[0], await catalogue.Find(first.Mapper.Digest, Ct));
        Assert.Equal(entry.Versions[1], await catalogue.Find(entry.Versions[1].Card.Digest, Ct));
        Assert.Null(await catalogue.Find(Digest.Of("nothing"u8), Ct));
        Assert.Equal(second.Seed, (await catalogue.ReadCard(entry.Versions[1], Ct)).Seed);
    }

    [Fact]
    public async Task Entries_are_listed_by_slug()
    {
        var catalogue = new Published(_store, _time);
        foreach (string prompt in new[] { "red hair", "a beard", "glasses" }) await catalogue.Publish(await Card(prompt, seed: 1), Ct);

        List<string> prompts = [];
        await foreach (CatalogueEntry entry in catalogue.List(Ct)) prompts.Add(entry.Prompt);

        Assert.Equal(["a beard", "glasses", "red hair"], prompts);
    }

    [Fact]
    public async Task A_card_whose_mapper_is_missing_or_damaged_is_not_published()
    {
        var catalogue = new Published(_store, _time);
        MapperCard card = await Card("a beard", seed: 1);
        var missing = new ArtifactRef(Digest.Of("missing"u8), 7, MediaTypes.Safetensors);
        await Assert.ThrowsAsync<ArtifactMissingException>(() => catalogue.Publish(card with { Mapper = missing }, Ct));

        Digest mapper = card.Mapper.Digest;
        await File.WriteAllBytesAsync(Path.Combine(_directory["blobs"], "sha256", mapper.Hex[..2], mapper.Hex), new byte[9], Ct);
        await Assert.ThrowsAsync<ArtifactCorruptException>(() => catalogue.Publish(card, Ct));

        Assert.Null(await catalogue.Find(card.Slug, Ct));
    }

    [Theory]
    [InlineData("../packs/demo")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_slug_that_is_a_path_is_refused(string slug)
    {
        var catalogue = new Published(_store, _time);
        await Assert.ThrowsAsync<ArgumentException>(() => catalogue.Find(slug, Ct));
    }

    private async Task<MapperCard> Card(string prompt, int seed) => new()
    {
        Slug = Slug.Of(prompt),
        Prompt = prompt,
        Job = new JobId("0123456789abcdef"),
        Mapper = await _store.Put(System.Text.Encoding.UTF8.GetBytes($"{prompt} {seed}"), MediaTypes.Safetensors, Ct),
        Strip = await _store.Put("picture"u8.ToArray(), MediaTypes.Png, Ct),
        Pack = new CardPack("demo", Digest.Of("pack"u8), "MIT", new Dictionary<string, Digest>()),
        Recipe = new RecipeSpec { Name = "default", Steps = 300 },
        Bank = new BankSpec { Count = 128 },
        Seed = seed,
        Steps = 300,
        Metrics = new ValidationReport
        {
            Step = 300,
            ClipLoss = 0.5,
            LatentL2Loss = 0.01,
            Objective = 0.6,
            SourceSimilarity = 0.125,
            EditedSimilarity = 0.375,
            LatentShiftNorm = 2,
        },
        Gate = new GateSpec(),
        PassesGate = true,
        DeviceKind = "cpu",
        Build = "test",
    };
}
