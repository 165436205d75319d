using System.Collections.Concurrent;

namespace StyleClip.Cluster.Gradients;

/// <summary>The members of this process that can be reached, by lease.</summary>
public sealed class MemberInboxes
{
    private readonly ConcurrentDictionary<Guid, IMemberInbox> _inboxes = new();

    /// <summary>Makes a member reachable; one that was reachable under the lease before is not any more.</summary>
    public void Open(Guid lease, IMemberInbox inbox) => _inboxes[lease] = inbox;

    public void Close(Guid lease, IMemberInbox inbox) => _inboxes.TryRemove(KeyValuePair.Create(lease, inbox));

    internal bool Deliver(MemberMessage message, ReadOnlySpan<byte> content) =>
        _inboxes.TryGetValue(message.To, out IMemberInbox? inbox) && inbox.Take(message, content);
}
