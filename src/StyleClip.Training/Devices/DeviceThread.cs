using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace StyleClip.Training.Devices;

/// <summary>
/// The one thread that does all tensor work of a device. Dispose scopes, grad mode and the number of intra-op threads belong to a thread,
/// so work never moves between threads, and code that touches tensors holds no await.
/// </summary>
public sealed class DeviceThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly SemaphoreSlim _places;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private int _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Name of the device, for debuggers and logs.</param>
    /// <param name="intraOpThreads">Threads that one operation may use. With 1, results do not depend on the machine's number of cores.</param>
    /// <param name="capacity">Work that may wait or run; further callers wait until some is done.</param>
    public DeviceThread(string name, int intraOpThreads = 1, int capacity = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intraOpThreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Name = name;
        IntraOpThreads = intraOpThreads;
        _places = new SemaphoreSlim(capacity);
        new Thread(Work) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Name of the device.</summary>
    public string Name { get; }

    /// <summary>Threads that one operation may use.</summary>
    public int IntraOpThreads { get; }

    /// <summary>Runs work on the thread, after all work given before.</summary>
    /// <typeparam name="T">What the work returns; no tensor that a scope of the work owns.</typeparam>
    /// <param name="work">The work. It watches a token itself if it shall end early.</param>
    /// <param name="cancellationToken">Takes back work that has not begun; work that has begun runs to its end.</param>
    /// <returns>The result, or the work's exception.</returns>
    /// <exception cref="ObjectDisposedException">The thread is shutting down.</exception>
    public async Task<T> Invoke<T>(Func<T> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _places.WaitAsync(waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(Name);
        }

        try
        {
            _queue.Add(() => Run(work, result, cancellationToken), CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(Name); // closed since the check above
        }

        return await result.Task.ConfigureAwait(false);
    }

    /// <summary>Refuses new work, ends work that has not begun with <see cref="ObjectDisposedException"/>, and waits for the work that runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            _queue.CompleteAdding();
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        try
        {
            set_num_threads(IntraOpThreads);
            foreach (Action item in _queue.GetConsumingEnumerable()) item();
            _ended.SetResult();
        }
        catch (Exception exception) // the thread's edge: whoever disposes the device learns why it ended
        {
            _ended.SetException(exception);
        }
    }

    private void Run<T>(Func<T> work, TaskCompletionSource<T> result, CancellationToken cancellationToken)
    {
        try
        {
            if (_stopping.IsCancellationRequested) result.SetException(new ObjectDisposedException(Name));
            else if (cancellationToken.IsCancellationRequested) result.SetCanceled(cancellationToken);
            else result.SetResult(work());
        }
        catch (Exception exception) // the loop's edge: the caller gets it
        {
            result.SetException(exception);
        }
        finally
        {
            _places.Release();
        }
    }
}
