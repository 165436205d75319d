using Orleans.Concurrency;

namespace StyleClip.Cluster.Gradients;

/// <summary>Takes packets for the members on a node. Key: the node's name. Runs in the node's own process.</summary>
public interface IMemberGrain : IGrainWithStringKey
{
    /// <summary>
    /// Hands a packet to a member. May be repeated. False: the member is not there, or not yet in that epoch; the sender tries again for as
    /// long as its own epoch lasts.
    /// </summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task<bool> Deliver(MemberMessage message, GradientPacket packet, CancellationToken cancellationToken);
}
