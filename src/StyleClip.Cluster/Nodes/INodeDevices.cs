using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Nodes;

/// <summary>The devices of this process, as the cluster drives them. Calls return at once; the work reports to its job grain.</summary>
public interface INodeDevices
{
    NodeDescription Description { get; }

    /// <summary>What the devices do now.</summary>
    NodeAnnouncement Announcement();

    /// <summary>Begins a segment; false where the device is busy. Repeating the call for the same lease changes nothing.</summary>
    bool Start(SegmentRequest request);

    /// <summary>Tells a segment who works for its job now.</summary>
    void Enter(Guid lease, JobView view);

    /// <summary>Asks a segment to stop: with a checkpoint, or leaving everything as it is.</summary>
    void Stop(Guid lease, WorkerOrder order);
}
