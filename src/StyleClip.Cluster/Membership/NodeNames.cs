using System.Net;
using System.Net.Sockets;
using StyleClip.Cluster.Hosting;

namespace StyleClip.Cluster.Membership;

/// <summary>Tells whether a node's name is taken, before a second process joins under it.</summary>
public sealed class NodeNames(IMembershipTable table, TimeProvider time)
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    /// <summary>Longest time between two signs of life of a node that lives, with room for a slow store.</summary>
    private static readonly TimeSpan SilenceLimit = StoreClusterExtensions.AlivePeriod * 1.6;

    /// <summary>
    /// Address of the living node of that name; null where there is none. The row of a process that was killed stays in the table for a
    /// while: where nobody listens at its address it is dead at once, else it is while it gives no sign of life.
    /// </summary>
    public async Task<string?> FindHolder(string name, CancellationToken cancellationToken)
    {
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, cancellationToken);
        var suspects = new List<MembershipEntry>();
        foreach (MembershipEntry row in await Holders(name, cancellationToken))
            if (!await RefusesConnections(row.SiloAddress.Endpoint, cancellationToken)) suspects.Add(row);

        long began = time.GetTimestamp();
        while (suspects.Count > 0 && time.GetElapsedTime(began) < SilenceLimit)
        {
            await Task.Delay(LookPeriod, time, cancellationToken);
            foreach (MembershipEntry now in await Holders(name, cancellationToken))
            {
                if (suspects.FirstOrDefault(row => row.SiloAddress.Equals(now.SiloAddress)) is { } before && now.IAmAliveTime > before.IAmAliveTime)
                    return now.SiloAddress.Endpoint.ToString();
            }
        }

        return null;
    }

    private async Task<IEnumerable<MembershipEntry>> Holders(string name, CancellationToken cancellationToken) => (await table.ReadAllAsync(cancellationToken)).Members
        .Select(member => member.Item1)
        .Where(row => row.SiloName == name && row.Status is SiloStatus.Joining or SiloStatus.Active);

    // Silence says nothing: the machine may be slow or unreachable from here.
    private static async Task<bool> RefusesConnections(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            await socket.ConnectAsync(endpoint, limit.Token);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
