using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Problems;

namespace StyleClip.Gateway.Sweeps;

/// <summary>A sweep's changes as server-sent events.</summary>
internal static partial class SweepEvents
{
    public const string MediaType = "text/event-stream";

    private const string Cursor = "Last-Event-ID";

    public static async Task<IResult> Stream(
        string sweep, HttpContext http, IGrainFactory grains, SweepIndex index, GatewayOptions options, TimeProvider time, IHostApplicationLifetime host,
        ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        long after = 0;
        if (http.Request.Headers[Cursor] is [{ Length: > 0 } cursor] && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            return new ProblemResult(ProblemKind.InvalidRequest, $"{Cursor} must be the id of an event of this sweep.");
        if (!await index.Contains(new SweepId(sweep), cancellationToken).ConfigureAwait(false)) return ProblemResult.NotFound("sweep", sweep);

        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy that collects events would hold them back
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        try
        {
            await http.Response.WriteAsync("retry: 1000\n\n", ends.Token).ConfigureAwait(false);
            await http.Response.Body.FlushAsync(ends.Token).ConfigureAwait(false);
            await Copy(grains.GetGrain<ISweepGrain>(sweep), after, http.Response, options.EventHeartbeat, time, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The watcher left, or this gateway stops: watchers go on elsewhere.
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException)
        {
            // The node that served the stream is gone. The stream ends without the event that says so; the watcher comes back with its cursor.
            LogLost(loggers.CreateLogger(typeof(SweepEvents)), sweep, exception);
        }

        return TypedResults.Empty;
    }

    private static async Task Copy(ISweepGrain sweep, long after, HttpResponse response, TimeSpan heartbeat, TimeProvider time, CancellationToken cancellationToken)
    {
        var last = SweepPhase.Running;
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<SweepUpdate> changes = sweep.Watch(after, watching.Token).GetAsyncEnumerator(watching.Token);
        Task<bool> next = changes.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!await IsDone(next, heartbeat, time, cancellationToken).ConfigureAwait(false))
                {
                    await Send(": \n\n").ConfigureAwait(false);
                    continue;
                }

                if (!await next.ConfigureAwait(false)) break;
                SweepUpdate update = changes.Current;
                last = update.Phase;
                await Send($"id: {update.Sequence}\nevent: update\ndata: {JsonSerializer.Serialize(update, ContractJson.Canonical)}\n\n").ConfigureAwait(false);
                next = changes.MoveNextAsync().AsTask();
            }

            await Send($"event: end\ndata: {JsonSerializer.Serialize(last, ContractJson.Canonical)}\n\n").ConfigureAwait(false);
        }
        finally
        {
            // An enumerator must not be disposed of while it moves.
            await watching.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task Send(string text)
        {
            await response.WriteAsync(text, cancellationToken).ConfigureAwait(false);
            await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsDone(Task task, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool done = await Task.WhenAny(task, Task.Delay(within, time, waiting.Token)).ConfigureAwait(false) == task;
        await waiting.CancelAsync().ConfigureAwait(false);
        return done || task.IsCompleted;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events of sweep {SweepId} broke off")]
    private static partial void LogLost(ILogger logger, string sweepId, Exception exception);
}
