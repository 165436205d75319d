namespace StyleClip.Storage.Artifacts;

/// <summary>
/// Threads that wait for the disk, so that those of the pool need not: the pool has as many as the machine has cores, and everything else
/// would stand still while a few of them bring files to the disk. A thread ends when nothing was to do for a while.
/// </summary>
internal static class DiskThreads
{
    /// <summary>File systems bring many small files to the disk together, so more than a few threads pay.</summary>
    private const int MaxThreads = 16;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private static readonly Queue<Action> _work = new();
    private static int _threads;
    private static int _idle;

    /// <summary>Runs <paramref name="action"/> on one of the threads; what it throws ends the task.</summary>
    public static Task<T> Run<T>(Func<T> action, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_work)
        {
            _work.Enqueue(() => Complete(done, action));
            if (_work.Count <= _idle || _threads == MaxThreads) Monitor.Pulse(_work);
            else Start();
        }

        return done.Task;
    }

    /// <summary>Runs <paramref name="action"/> on one of the threads; what it throws ends the task.</summary>
    public static Task Run(Action action, CancellationToken cancellationToken) => Run(
        () =>
        {
            action();
            return true;
        },
        cancellationToken);

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> action)
    {
        try
        {
            done.SetResult(action());
        }
        catch (Exception exception) // it belongs to whoever awaits the task
        {
            done.SetException(exception);
        }
    }

    private static void Start()
    {
        _threads++;
        new Thread(Work) { IsBackground = true, Name = "StyleClip disk" }.Start();
    }

    private static void Work()
    {
        while (Next() is { } action) action();
    }

    private static Action? Next()
    {
        lock (_work)
        {
            while (_work.Count == 0)
            {
                _idle++;
                bool wasWoken = Monitor.Wait(_work, IdleTime);
                _idle--;
                if (wasWoken || _work.Count > 0) continue;
                _threads--;
                return null;
            }

            return _work.Dequeue();
        }
    }
}
