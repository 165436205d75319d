namespace StyleClip.Cluster.Jobs;

/// <summary>Tells which of a job's devices are lost: by what the cluster knows of their processes, else by their silence.</summary>
internal sealed class LeaseWatch(IClusterMembershipService membership, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Silence after which a worker counts as lost although its process lives; workers speak twice a second.</summary>
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Guid, DateTimeOffset> _heardAt = [];

    public void Heard(Guid lease) => _heardAt[lease] = time.GetUtcNow();

    /// <summary>Watches these devices and no others. One that is new counts as heard.</summary>
    public void Watch(IEnumerable<DeviceLease> leases)
    {
        HashSet<Guid> ids = [.. leases.Select(lease => lease.Id)];
        foreach (Guid gone in _heardAt.Keys.Where(id => !ids.Contains(id)).ToArray()) _heardAt.Remove(gone);
        foreach (Guid id in ids) _heardAt.TryAdd(id, time.GetUtcNow());
    }

    /// <summary>Why the device is lost; null where it is not.</summary>
    public async Task<string?> Loss(DeviceLease lease, CancellationToken cancellationToken)
    {
        SiloStatus status = membership.CurrentSnapshot.GetSiloStatus(SiloAddress.FromParsableString(lease.Silo));
        if (status == SiloStatus.Dead) return $"Node {lease.Node} is dead.";
        // A process of another cluster, before or beside this one: a node of its name may say that it is gone, else only its silence does.
        if (status == SiloStatus.None && await HasOtherProcess(lease, cancellationToken)) return $"The process of node {lease.Node} ended.";
        TimeSpan silence = time.GetUtcNow() - _heardAt.GetValueOrDefault(lease.Id);
        return silence > Expiry ? $"{lease} has said nothing for {silence.TotalSeconds:0} s." : null;
    }

    private async Task<bool> HasOtherProcess(DeviceLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return (await grains.GetGrain<Nodes.INodeGrain>(lease.Node).Describe(cancellationToken)).Incarnation != lease.Incarnation;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return false; // no silo of that name: there is no subtype to catch
        }
    }
}
