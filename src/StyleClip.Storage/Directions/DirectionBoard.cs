using System.Text.Json;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Directions;

/// <summary>
/// Shares the work on one direction table among all processes with the same store: one document, changed by compare-and-swap, says which
/// units are done and who is at which. Units are deterministic and immutable: a claim only saves work, so that a clock that is wrong, or a
/// worker that is slower than its claim, costs time and nothing else.
/// </summary>
public sealed class DirectionBoard(IArtifactStore store, DirectionBuildRequest request, TimeProvider? time = null)
{
    /// <summary>The unit that comes first: the channel statistics. Range n is unit n + 1.</summary>
    public const int StatisticsUnit = 0;

    private const string Prefix = "directions/";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly string _name = Prefix + KeyOf(request);

    /// <summary>Time after which a claim that was not renewed is given to somebody else.</summary>
    public static TimeSpan ClaimExpiry { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two renewals.</summary>
    public static TimeSpan RenewPeriod { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Goes to the board; sets it up where nobody has been there.</summary>
    /// <param name="rangeSize">Most channels of a range, where nobody has chosen it before.</param>
    /// <param name="rangeCount">How many ranges a size gives.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<DirectionBuildState> Join(int rangeSize, Func<int, int> rangeCount, CancellationToken cancellationToken) =>
        store.UpdateDocument<DirectionBuildState>(
            _name,
            seen => seen ?? new DirectionBuildState
            {
                Request = request,
                RangeSize = rangeSize,
                Statistics = new DirectionBuildUnit(),
                Ranges = [.. Enumerable.Repeat(new DirectionBuildUnit(), rangeCount(rangeSize))],
            },
            cancellationToken);

    /// <summary>How far the table is.</summary>
    /// <exception cref="InvalidOperationException">Nobody has joined.</exception>
    public async Task<DirectionBuildState> Read(CancellationToken cancellationToken) => Joined(await Find(cancellationToken).ConfigureAwait(false));

    /// <summary>How far the table is; null where nobody has joined.</summary>
    public Task<DirectionBuildState?> Find(CancellationToken cancellationToken) => store.ReadDocument<DirectionBuildState>(_name, cancellationToken);

    /// <summary>Claims the first unit that is free; the ranges are free once the statistics are done.</summary>
    /// <param name="holder">The worker: one holder has one claim at a time. What it holds already is free for it: it has lost its work.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<DirectionWork> Claim(string holder, CancellationToken cancellationToken)
    {
        int? claimed = null;
        DirectionBuildState state = await Change(
            seen =>
            {
                DateTimeOffset now = _time.GetUtcNow();
                claimed = Units(seen).Index().Where(unit => IsFree(unit.Item, holder, now)).Select(unit => (int?)unit.Index).FirstOrDefault();
                return claimed is { } unit ? With(seen, unit, new DirectionBuildUnit { Holder = holder, Renewed = now }) : seen;
            },
            cancellationToken).ConfigureAwait(false);
        return new DirectionWork(claimed, state);
    }

    /// <summary>The unit is still being measured.</summary>
    public Task<DirectionBuildState> Renew(string holder, int unit, CancellationToken cancellationToken) => Change(
        seen => Units(seen)[unit] is { Artifact: null } mine && mine.Holder == holder
            ? With(seen, unit, mine with { Renewed = _time.GetUtcNow() })
            : seen,
        cancellationToken);

    /// <summary>The unit's numbers are in the store. Whoever comes second has measured the same.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="artifact">Its numbers.</param>
    /// <param name="took">Time that a device spent on it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<DirectionBuildState> Complete(int unit, ArtifactRef artifact, TimeSpan took, CancellationToken cancellationToken) => Change(
        seen => Units(seen)[unit].Artifact is null
            ? With(seen, unit, new DirectionBuildUnit { Artifact = artifact, Seconds = Math.Round(took.TotalSeconds, 3) })
            : seen,
        cancellationToken);

    /// <summary>Gives back the claims of workers that are known to be gone, so that nobody waits for them to expire.</summary>
    public Task<DirectionBuildState> ReleaseAll(Func<string, bool> isGone, CancellationToken cancellationToken) => Change(
        seen => Units(seen).Index().Where(unit => unit.Item.Holder is { } holder && isGone(holder))
            .Aggregate(seen, (state, unit) => With(state, unit.Index, new DirectionBuildUnit())),
        cancellationToken);

    /// <summary>Gives a claim back, so that nobody waits for it to expire.</summary>
    public Task Release(string holder, int unit, CancellationToken cancellationToken) => Change(
        seen => Units(seen)[unit] is { Artifact: null } mine && mine.Holder == holder ? With(seen, unit, new DirectionBuildUnit()) : seen,
        cancellationToken);

    private static string KeyOf(DirectionBuildRequest request) =>
        Digest.Of(JsonSerializer.SerializeToUtf8Bytes(request, ContractJson.Canonical)).Hex[..16];

    private static DirectionBuildState Joined(DirectionBuildState? seen) =>
        seen ?? throw new InvalidOperationException("Nobody has joined the work on this table.");

    // Without statistics there is nothing else to begin.
    private static IReadOnlyList<DirectionBuildUnit> Units(DirectionBuildState state) =>
        state.Statistics.Artifact is null ? [state.Statistics] : [state.Statistics, .. state.Ranges];

    private static bool IsFree(DirectionBuildUnit unit, string holder, DateTimeOffset now) =>
        unit.Artifact is null && (unit.Renewed is not { } renewed || now - renewed >= ClaimExpiry || unit.Holder == holder);

    private static DirectionBuildState With(DirectionBuildState state, int unit, DirectionBuildUnit value)
    {
        if (unit == StatisticsUnit) return state with { Statistics = value };
        DirectionBuildUnit[] ranges = [.. state.Ranges];
        ranges[unit - 1] = value;
        return state with { Ranges = ranges };
    }

    private Task<DirectionBuildState> Change(Func<DirectionBuildState, DirectionBuildState> change, CancellationToken cancellationToken) =>
        store.UpdateDocument<DirectionBuildState>(_name, seen => change(Joined(seen)), cancellationToken);
}
