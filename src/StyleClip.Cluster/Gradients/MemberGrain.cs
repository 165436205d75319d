using StyleClip.Cluster.Nodes;

namespace StyleClip.Cluster.Gradients;

[NodePlacement]
internal sealed class MemberGrain(MemberInboxes inboxes) : Grain, IMemberGrain
{
    public Task<bool> Deliver(MemberMessage message, GradientPacket packet, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(inboxes.Deliver(message, packet.Content.Span)); // copied before it returns
        }
        finally
        {
            packet.Release();
        }
    }
}
