using StyleClip.Cluster.Jobs;

namespace StyleClip.Node.Segments;

/// <summary>How a running segment is told to end: with a checkpoint, or leaving everything as it is.</summary>
internal sealed class SegmentControl : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();

    /// <summary>Ends between two steps, after a checkpoint. Abandoning sets it as well.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Ends everything that waits; nothing more is written.</summary>
    public CancellationToken Abandon => _abandon.Token;

    public void Obey(WorkerOrder order)
    {
        if (order == WorkerOrder.Continue) return;
        if (order == WorkerOrder.Abandon) _abandon.Cancel();
        _stop.Cancel();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _abandon.Dispose();
    }
}
