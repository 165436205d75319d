using System.Diagnostics;

namespace StyleClip.Faults.Tests;

/// <summary>Waits for what can only be looked at, with a limit that says what did not happen.</summary>
internal static class Waiting
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(50);

    public static async Task<T> Until<T>(string what, TimeSpan limit, Func<Task<T?>> look, Func<string> explain)
        where T : class
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < limit)
        {
            if (await look() is { } seen) return seen;
            await Task.Delay(LookPeriod, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {what}.\n{explain()}");
    }
}
