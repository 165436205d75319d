using Microsoft.Extensions.Time.Testing;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;

namespace StyleClip.Storage.Tests.Directions;

public sealed class DirectionBoardTests : IDisposable
{
    private static readonly DirectionBuildRequest Request = new()
    {
        Pack = Digest.Of("pack"u8),
        Spec = new DirectionTableSpec(),
        DeviceKind = "cpu-1t",
        Build = "1",
    };

    private static readonly ArtifactRef Artifact = new(Digest.Of("numbers"u8), 7, MediaTypes.Safetensors);

    private static readonly TimeSpan Took = TimeSpan.FromSeconds(2.5);

    private readonly TemporaryDirectory _directory = new();
    private readonly DirectoryArtifactStore _store;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public DirectionBoardTests() => _store = new DirectoryArtifactStore(_directory.Root);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Ranges_wait_for_the_statistics_and_each_is_given_to_one_worker()
    {
        DirectionBoard board = await Joined();
        Assert.Equal(DirectionBoard.StatisticsUnit, (await board.Claim("a", Ct)).Unit);
        Assert.Null((await board.Claim("b", Ct)).Unit);
        await board.Complete(DirectionBoard.StatisticsUnit, Artifact, Took, Ct);
        int?[] units = await Task.WhenAll(Enumerable.Range(0, 5).Select(async worker => (await board.Claim($"worker-{worker}", Ct)).Unit));
        Assert.Equal([1, 2, 3], units.OfType<int>().Order());
    }

    [Fact]
    public async Task A_claim_that_is_not_renewed_expires_and_one_that_is_does_not()
    {
        DirectionBoard board = await Joined();
        await board.Claim("a", Ct);
        _time.Advance(DirectionBoard.ClaimExpiry - TimeSpan.FromSeconds(1));
        await board.Renew("a", DirectionBoard.StatisticsUnit, Ct);
        _time.Advance(DirectionBoard.ClaimExpiry - TimeSpan.FromSeconds(1));
        Assert.Null((await board.Claim("b", Ct)).Unit);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(DirectionBoard.StatisticsUnit, (await board.Claim("b", Ct)).Unit);
        await board.Renew("a", DirectionBoard.StatisticsUnit, Ct);
        Assert.Equal("b", (await board.Read(Ct)).Statistics.Holder);
    }

    [Fact]
    public async Task A_claim_that_is_given_back_is_free_at_once()
    {
        DirectionBoard board = await Joined();
        await board.Claim("a", Ct);
        await board.Release("b", DirectionBoard.StatisticsUnit, Ct);
        Assert.Null((await board.Claim("b", Ct)).Unit);
        await board.Release("a", DirectionBoard.StatisticsUnit, Ct);
        Assert.Equal(DirectionBoard.StatisticsUnit, (await board.Claim("b", Ct)).Unit);
    }

    [Fact]
    public async Task What_is_done_stays_done_whoever_comes_later()
    {
        DirectionBoard board = await Joined();
        for (int unit = 0; unit <= 3; unit++) await board.Complete(unit, Artifact, Took, Ct);
        DirectionBuildState late = await board.Complete(2, Artifact with { SizeBytes = 8 }, Took, Ct);
        Assert.True(late.IsMeasured());
        Assert.All(late.Ranges, range => Assert.Equal(Artifact, range.Artifact));
        Assert.Null((await board.Claim("a", Ct)).Unit);
        Assert.Equal(4 * Took.TotalSeconds, late.DeviceSeconds());
        Assert.Equal(3, late.RangesDone());
    }

    [Fact]
    public async Task Claims_of_workers_that_are_gone_are_free_at_once_and_no_others()
    {
        DirectionBoard board = await Joined();
        await board.Complete(DirectionBoard.StatisticsUnit, Artifact, Took, Ct);
        foreach (string holder in new[] { "job/1", "job/2", "cli" }) await board.Claim(holder, Ct);
        DirectionBuildState state = await board.ReleaseAll(holder => holder == "job/2", Ct);
        Assert.Equal(["job/1", null, "cli"], state.Ranges.Select(range => range.Holder));
        Assert.Equal(1, (await board.Claim("job/1", Ct)).Unit); // who asks again has lost its work: it need not wait for its own claim
    }

    [Fact]
    public async Task Whoever_comes_first_chooses_the_size_of_the_ranges()
    {
        await Joined();
        DirectionBuildState second = await new DirectionBoard(_store, Request, _time).Join(1_000, _ => 1, Ct);
        Assert.Equal((64, 3), (second.RangeSize, second.Ranges.Count));
        DirectionBuildState other = await new DirectionBoard(_store, Request with { DeviceKind = "cuda" }, _time).Join(1_000, _ => 1, Ct);
        Assert.Equal((1_000, 1), (other.RangeSize, other.Ranges.Count));
    }

    [Fact]
    public async Task A_table_is_published_once_under_its_name()
    {
        var library = new DirectionLibrary(_store, _time);
        DirectionTableCard card = await Card();
        Assert.True((await library.Publish(card, Ct)).IsNew);
        _time.Advance(TimeSpan.FromHours(1));
        (DirectionTableEntry entry, bool isNew) = await library.Publish(card, Ct);
        Assert.False(isNew);
        Assert.Equal(entry, await library.Find(Request.Pack, "faces", Ct));
        Assert.Equal(3, (await library.ReadCard(entry, Ct)).Rows);
        await Assert.ThrowsAsync<InvalidDataException>(() => library.Publish(card with { Rows = 4 }, Ct));
        await Assert.ThrowsAsync<InvalidDataException>(() => library.Publish(card with { Name = "a/b" }, Ct));
        await Assert.ThrowsAsync<ArtifactMissingException>(() => library.Publish(card with { Name = "other", Table = Artifact }, Ct));
    }

    [Fact]
    public async Task A_name_is_free_until_another_table_has_it()
    {
        var library = new DirectionLibrary(_store, _time);
        DirectionTableSpec other = Request.Spec with { Images = Request.Spec.Images + 1 };
        Assert.Null(await library.NameProblem(Request.Pack, "faces", Request.Spec, Ct));
        await library.Publish(await Card(), Ct);
        Assert.Null(await library.NameProblem(Request.Pack, "faces", Request.Spec, Ct));
        Assert.StartsWith("must be another name", await library.NameProblem(Request.Pack, "faces", other, Ct), StringComparison.Ordinal);
        Assert.Null(await library.NameProblem(Artifact.Digest, "faces", other, Ct)); // names are those of a pack
    }

    private async Task<DirectionTableCard> Card() => new()
    {
        Name = "faces",
        Pack = new CardPack("demo", Request.Pack, "MIT", new Dictionary<string, Digest>()),
        Table = await _store.Put("table"u8.ToArray(), MediaTypes.Safetensors, Ct),
        Rows = 3,
        Features = 2,
        Spec = Request.Spec,
    };

    private async Task<DirectionBoard> Joined()
    {
        var board = new DirectionBoard(_store, Request, _time);
        await board.Join(64, _ => 3, Ct);
        return board;
    }
}
