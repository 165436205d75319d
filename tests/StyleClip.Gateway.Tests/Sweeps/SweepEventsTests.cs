using System.Net;
using System.Text.Json;
using StyleClip.Cluster.Tests;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Problems;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Security;

namespace StyleClip.Gateway.Tests.Sweeps;

public sealed class SweepEventsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watcher_sees_every_job_to_its_end_and_the_end_itself()
    {
        await using GatewayHost host = await GatewayHost.Start();
        SweepId id = await Submit(host);
        await using EventTrace trace = await EventTrace.Open(host.Client(ApiRole.Read), id);
        SweepUpdate last = (await trace.ToEnd())[^1];
        Assert.Equal(SweepPhase.Ended, last.Phase);
        Assert.Equal("ended", trace.End);
        Assert.Equal(2, trace.Jobs.Count(job => job.Value.Phase == JobPhase.Succeeded));
    }

    [Fact]
    public async Task A_watcher_with_a_cursor_sees_only_what_came_later()
    {
        var release = new TaskCompletionSource();
        await using GatewayHost host = await GatewayHost.Start(FinishFirstThenWaitFor(release.Task), devices: 2);
        SweepId id = await Submit(host);
        string cursor;
        await using (EventTrace trace = await EventTrace.Open(host.Client(ApiRole.Read), id))
        {
            await trace.Until(() => trace.Jobs.Values.Count(job => job.Phase == JobPhase.Succeeded) == 1 && trace.Jobs.Values.Any(job => job.Phase == JobPhase.Running));
            cursor = trace.Cursor!;
        }

        release.SetResult();
        await using EventTrace resumed = await EventTrace.Open(host.Client(ApiRole.Read), id, cursor);
        await resumed.ToEnd();
        Assert.Equal("a smile", Assert.Single(resumed.Jobs.Values).Prompt);
    }

    [Fact]
    public async Task A_cursor_is_good_after_node_and_gateway_were_replaced()
    {
        await using GatewayHost host = await GatewayHost.Start(GatewayHost.UntilStopped, devices: 1);
        SweepId id = await Submit(host);
        EventTrace before = await EventTrace.Open(host.Client(ApiRole.Read), id);
        await before.Until(() => before.Jobs.Values.Any(job => job.Phase == JobPhase.Running));
        await host.Restart();
        await before.DisposeAsync();

        await using EventTrace after = await EventTrace.Open(host.Client(ApiRole.Submit), id, before.Cursor);
        HttpResponseMessage again = await host.Client(ApiRole.Submit).PostAsync("/v1/sweeps", GatewayHost.Yaml(GatewayHost.Spec()), Ct); // continues it
        await again.Read<SweepSubmission>();
        await after.ToEnd();
        Assert.Equal([JobPhase.Succeeded, JobPhase.Succeeded], after.Jobs.Values.Select(job => job.Phase));
    }

    [Fact]
    public async Task A_stream_ends_without_a_word_of_the_end_when_the_gateway_stops()
    {
        await using GatewayHost host = await GatewayHost.Start(GatewayHost.UntilStopped, devices: 1);
        SweepId id = await Submit(host);
        await using EventTrace trace = await EventTrace.Open(host.Client(ApiRole.Read), id);
        await trace.Until(() => trace.Jobs.Count == 2);
        await host.Server.DisposeAsync();
        await trace.ToEnd();
        Assert.Null(trace.End);
    }

    [Fact]
    public async Task A_silent_stream_says_that_it_lives()
    {
        await using GatewayHost host = await GatewayHost.Start(GatewayHost.UntilStopped, devices: 1, new GatewayOptions { Port = 0, EventHeartbeat = TimeSpan.FromMilliseconds(50) });
        SweepId id = await Submit(host);
        await using EventTrace trace = await EventTrace.Open(host.Client(ApiRole.Read), id);
        await trace.Until(() => trace.Heartbeats >= 2);
    }

    [Fact]
    public async Task A_cursor_that_is_none_is_refused()
    {
        await using GatewayHost host = await GatewayHost.Start(GatewayHost.UntilStopped, devices: 1);
        SweepId id = await Submit(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/sweeps/{id}/events") { Headers = { { "Last-Event-ID", "-1; drop" } } };
        await (await host.Client(ApiRole.Read).SendAsync(request, Ct)).ReadProblem(HttpStatusCode.BadRequest, ProblemTypes.InvalidRequest);
    }

    private static WorkerScript FinishFirstThenWaitFor(Task released) => async (segment, job, stopped) =>
    {
        if (segment.Spec.Prompt != "red hair") await released;
        await GatewayHost.Finish(segment, job, stopped);
    };

    private static async Task<SweepId> Submit(GatewayHost host) =>
        (await (await host.Client(ApiRole.Submit).PostAsync("/v1/sweeps", GatewayHost.Yaml(GatewayHost.Spec()), Ct)).Read<SweepSubmission>(HttpStatusCode.Created)).Sweep.Id;

    /// <summary>What arrived on one connection.</summary>
    private sealed class EventTrace : IAsyncDisposable
    {
        private readonly HttpResponseMessage _response;
        private readonly StreamReader _reader;
        private readonly List<SweepUpdate> _updates = [];

        private EventTrace(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new StreamReader(body));

        public string? Cursor { get; private set; }

        public string? End { get; private set; }

        public int Heartbeats { get; private set; }

        public Dictionary<JobId, JobStatus> Jobs { get; } = [];

        public static async Task<EventTrace> Open(HttpClient client, SweepId sweep, string? cursor = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/sweeps/{sweep}/events");
            if (cursor is not null) request.Headers.Add("Last-Event-ID", cursor);
            HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            return new EventTrace(response, await response.Content.ReadAsStreamAsync(Ct));
        }

        public async Task<IReadOnlyList<SweepUpdate>> ToEnd()
        {
            await Until(() => false);
            return _updates;
        }

        /// <summary>Reads until the condition holds or the stream ends.</summary>
        public async Task Until(Func<bool> condition)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            string? name = null;
            while (!condition() && await Line(limit.Token) is { } line)
            {
                if (line.StartsWith(':')) Heartbeats++;
                if (line.StartsWith("id: ", StringComparison.Ordinal)) Cursor = line[4..];
                if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                if (name == "end") End = JsonSerializer.Deserialize<string>(line[6..]);
                else Take(JsonSerializer.Deserialize<SweepUpdate>(line[6..], ContractJson.Options)!);
            }
        }

        public ValueTask DisposeAsync()
        {
            _reader.Dispose();
            _response.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<string?> Line(CancellationToken limit)
        {
            try
            {
                return await _reader.ReadLineAsync(limit);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                return null; // cut off
            }
        }

        private void Take(SweepUpdate update)
        {
            _updates.Add(update);
            foreach (JobStatus job in update.Jobs) Jobs[job.Id] = job;
        }
    }
}
