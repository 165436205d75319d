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

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        MembershipDocument document = await _membership.Read(CancellationToken.None);
        return [.. document.Silos.Where(row => row is { Status: SiloStatus.Active, GatewayPort: > 0 }).Select(GatewayOf)];
    }

    private static Uri GatewayOf(MembershipRow row)
    {
        var silo = SiloAddress.FromParsableString(row.Silo);
        return SiloAddress.New(silo.Endpoint.Address, row.GatewayPort, silo.Generation).ToGatewayUri();
    }
}
