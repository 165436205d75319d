using StyleClip.Cluster.Jobs;

namespace StyleClip.Node.Segments;

/// <summary>The newest that a segment has heard of who works for its job.</summary>
internal sealed class SegmentViews : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationToken _abandon;
    private JobView? _view;
    private CancellationTokenSource _ended;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SegmentViews(JobView? view, CancellationToken abandon)
    {
        (_view, _abandon) = (view, abandon);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(abandon);
    }

    /// <summary>Epoch of the newest view; -1 before the first one.</summary>
    public long Epoch
    {
        get
        {
            lock (_gate) return _view?.Epoch ?? -1;
        }
    }

    /// <summary>Takes over a view, unless it is not newer.</summary>
    public void Enter(JobView view)
    {
        CancellationTokenSource ended;
        lock (_gate)
        {
            if (_view is not null && view.Epoch <= _view.Epoch) return;
            _view = view;
            ended = _ended;
            _ended = CancellationTokenSource.CreateLinkedTokenSource(_abandon);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        ended.Cancel(); // not disposed: whoever works in that epoch still holds its token
    }

    /// <summary>The first view after <paramref name="epoch"/>, with a token that ends when a newer one comes or the segment is abandoned.</summary>
    public async Task<(JobView View, CancellationToken Ended)> After(long epoch, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_view is { } view && view.Epoch > epoch) return (view, _ended.Token);
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _ended.Dispose();
}
