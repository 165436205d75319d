using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Membership;

/// <summary>
/// Cluster membership in the artifact store: nodes with the same store find each other with nothing else running. An outage of the store
/// surfaces as <see cref="IOException"/>, which the membership protocol logs and tries again; nobody is declared dead meanwhile.
/// </summary>
internal sealed partial class ArtifactMembershipTable(IArtifactStore store, IOptions<ClusterOptions> cluster) : IMembershipTable
{
    private readonly MembershipStore _membership = new(store, cluster.Value.ClusterId);

    // An absent document reads as an empty one.
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        _membership.Read(cancellationToken);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        new MembershipStore(store, clusterId).Delete(cancellationToken);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) => _membership.Change(
        document =>
        {
            MembershipRow[] kept = [.. document.Silos.Where(row => row.Status == SiloStatus.Active || HeardAfter(row, beforeDate))];
            return kept.Length == document.Silos.Count ? null : document with { Silos = kept };
        },
        cancellationToken);

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        MembershipDocument document = await _membership.Read(cancellationToken);
        return document.Find(key) is { } row
            ? new MembershipTableData(Entry(row), VersionOf(document))
            : new MembershipTableData(VersionOf(document));
    }

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        MembershipDocument document = await _membership.Read(cancellationToken);
        return new MembershipTableData([.. document.Silos.Select(Entry)], VersionOf(document));
    }

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) => _membership.Change(
        document => IsNext(document, tableVersion) && document.Find(entry.SiloAddress) is null
            ? new MembershipDocument
            {
                Version = tableVersion.Version,
                Silos = [.. document.Silos, MembershipRow.Of(entry, tableVersion.Version)],
            }
            : null,
        cancellationToken);

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) => _membership.Change(
        document => IsNext(document, tableVersion) && document.Find(entry.SiloAddress) is { } row && ETagOf(row) == etag
            ? document.With(MembershipRow.Of(entry, tableVersion.Version)) with { Version = tableVersion.Version }
            : null,
        cancellationToken);

    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        bool isMember = await _membership.Change(
            document => document.Find(entry.SiloAddress) is { } row ? document.With(row with { AliveAt = entry.IAmAliveTime }) : null,
            cancellationToken);
        if (!isMember) throw new IOException($"{entry.SiloAddress} is not in '{_membership.DocumentName}' of the store at {store.Location}.");
    }

    private static bool IsNext(MembershipDocument document, TableVersion next) =>
        next.VersionEtag == ETagOf(document.Version) && next.Version == document.Version + 1;

    private static bool HeardAfter(MembershipRow row, DateTimeOffset date) =>
        (row.AliveAt > row.StartedAt ? row.AliveAt : row.StartedAt) >= date.UtcDateTime;

    private static Tuple<MembershipEntry, string> Entry(MembershipRow row) => Tuple.Create(row.ToEntry(), ETagOf(row));

    private static TableVersion VersionOf(MembershipDocument document) => new(document.Version, ETagOf(document.Version));

    private static string ETagOf(MembershipRow row) => ETagOf(row.ChangedAt);

    private static string ETagOf(int version) => version.ToString(CultureInfo.InvariantCulture);
}
