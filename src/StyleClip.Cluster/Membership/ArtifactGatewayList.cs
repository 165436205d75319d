using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Membership;

/// <summary>Tells clients which nodes take them: the active ones of the membership document.</summary>
internal sealed class ArtifactGatewayList(IArtifactStore store, IOptions<ClusterOptions> cluster, IOptions<GatewayOptions> options)
    : IGatewayListProvider
{
    private readonly MembershipStore _membership = new(store, cluster.Value.ClusterId);

    public TimeSpan MaxStaleness => options.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken)
    {
        MembershipDocument document = await _membership.Read(cancellationToken);
        return [.. document.Silos.Where(row => row is { Status: SiloStatus.Active, GatewayPort: > 0 }).Select(GatewayOf)];
    }

    // The forms without a token are obsolete but still abstract in Orleans 10.4.
    Task IGatewayListProvider.InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(CancellationToken.None);

    Task<IList<Uri>> IGatewayListProvider.GetGateways() => GetGatewaysAsync(CancellationToken.None);

    private static Uri GatewayOf(MembershipRow row)
    {
        var silo = SiloAddress.FromParsableString(row.Silo);
        return SiloAddress.New(silo.Endpoint.Address, row.GatewayPort, silo.Generation).ToGatewayUri();
    }
}
