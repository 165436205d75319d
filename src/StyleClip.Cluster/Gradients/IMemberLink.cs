using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Gradients;

/// <summary>Carries packets to other members.</summary>
public interface IMemberLink
{
    /// <summary>Sends a packet until it is taken; the content must stay as it is until then.</summary>
    /// <exception cref="OperationCanceledException">The epoch ended first.</exception>
    Task Send(DeviceLease to, MemberMessage message, ReadOnlyMemory<byte> content, CancellationToken ended);
}
