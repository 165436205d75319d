namespace StyleClip.Client.Http;

/// <summary>Waits between tries: half a second, doubled each time up to ten.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5), Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _next = First;

    /// <summary>Something worked: the next wait is short again.</summary>
    public void Reset() => _next = First;

    public TimeSpan Next()
    {
        TimeSpan wait = _next;
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, Longest.Ticks));
        return wait;
    }

    public Task Wait(CancellationToken cancellationToken) => Task.Delay(Next(), time, cancellationToken);
}
