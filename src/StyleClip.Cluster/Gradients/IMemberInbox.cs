namespace StyleClip.Cluster.Gradients;

/// <summary>Where the packets for one member in one epoch arrive.</summary>
public interface IMemberInbox
{
    /// <summary>Takes a packet; its bytes are copied. False: this member cannot take it yet. A packet that is not for now changes nothing.</summary>
    bool Take(MemberMessage message, ReadOnlySpan<byte> content);
}
