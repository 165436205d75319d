namespace StyleClip.Client.Tests;

/// <summary>A clock on which every wait is a twentieth as long: tests see the client's patience end.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Factor = 20;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Factor : dueTime, period);
}
