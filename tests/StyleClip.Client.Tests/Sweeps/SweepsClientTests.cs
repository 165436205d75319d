using System.Net;
using System.Net.Sockets;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Nodes;
using StyleClip.Contracts.Problems;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Security;
using StyleClip.Gateway.Tests;

namespace StyleClip.Client.Tests.Sweeps;

public sealed class SweepsClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_survives_the_death_of_node_and_gateway()
    {
        await using GatewayHost host = await GatewayHost.Start(GatewayHost.UntilStopped);
        using StyleClipClient client = Client(host);
        SweepId id = (await client.Sweeps.Submit(GatewayHost.Spec(), cancellationToken: Ct)).Sweep.Id;
        var interruptions = new List<Exception>();
        bool restarted = false;
        SweepUpdate? last = null;
        Dictionary<JobId, JobPhase> phases = [];
        await foreach (SweepUpdate update in client.Sweeps.Watch(id, new Noted(interruptions), Ct))
        {
            last = update;
            foreach (JobStatus job in update.Jobs) phases[job.Id] = job.Phase;
            if (restarted || phases.Count < 2 || phases.Values.Any(phase => phase != JobPhase.Running)) continue;
            restarted = true;
            await host.Restart(GatewayHost.Finish);
            Assert.Equal(2, (await client.Sweeps.Submit(GatewayHost.Spec(), cancellationToken: Ct)).Sweep.Jobs.Values.Sum());
        }

        Assert.True(restarted);
        Assert.Equal(SweepPhase.Ended, last!.Phase);
        Assert.Equal([JobPhase.Succeeded, JobPhase.Succeeded], phases.Values);
    }

    [Fact]
    public async Task A_watch_goes_on_from_its_cursor_when_the_connection_is_cut()
    {
        await using GatewayHost host = await GatewayHost.Start();
        using var network = new FaultyNetwork();
        int connections = 0;
        network.CutEventsAfter = () => connections++ < 3 ? 700 : null; // in the middle of an update
        using StyleClipClient client = Client(host, network);
        SweepId id = (await client.Sweeps.Submit(GatewayHost.Spec(), cancellationToken: Ct)).Sweep.Id;
        var interruptions = new List<Exception>();
        SweepUpdate? last = null;
        await foreach (SweepUpdate update in client.Sweeps.Watch(id, new Noted(interruptions), Ct)) last = update;
        Assert.Equal((SweepPhase.Ended, 3, 4), (last!.Phase, interruptions.Count, connections));
    }

    [Fact]
    public async Task A_silent_connection_is_made_anew()
    {
        await using GatewayHost host = await GatewayHost.Start();
        using var network = new FaultyNetwork();
        int asked = 0;
        network.Instead = request => request.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal) && asked++ == 0
            ? new HttpResponseMessage { Content = new StreamContent(new SilentStream()) { Headers = { ContentType = new("text/event-stream") } } }
            : null;
        using StyleClipClient client = Client(host, network, TimeSpan.FromSeconds(10));
        SweepId id = (await client.Sweeps.Submit(GatewayHost.Spec(), cancellationToken: Ct)).Sweep.Id;
        var interruptions = new List<Exception>();
        SweepUpdate? last = null;
        await foreach (SweepUpdate update in client.Sweeps.Watch(id, new Noted(interruptions), Ct)) last = update;
        Assert.Equal(SweepPhase.Ended, last!.Phase);
        Assert.Contains("silent", Assert.Single(interruptions).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_sent_again_while_the_cluster_is_away()
    {
        await using GatewayHost host = await GatewayHost.Start();
        using var network = new FaultyNetwork();
        int refusals = 0;
        network.Instead = _ => refusals++ < 2 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : null;
        using StyleClipClient client = Client(host, network);
        SweepSubmission submission = await client.Sweeps.Submit(GatewayHost.Spec(), cancellationToken: Ct);
        Assert.True(submission.Created);
        Assert.Equal(3, network.Seen.Count());
    }

    [Fact]
    public async Task Mistakes_and_refusals_arrive_with_their_problem()
    {
        await using GatewayHost host = await GatewayHost.Start();
        using StyleClipClient client = Client(host);
        GatewayException mistaken = await Assert.ThrowsAsync<GatewayException>(() => client.Sweeps.Submit("name: X\npack: none\n", cancellationToken: Ct));
        Assert.Equal(ProblemTypes.InvalidSpec, mistaken.Problem.Type);
        Assert.Equal([1, 1, 1, 2], mistaken.Problem.Mistakes!.Select(mistake => mistake.Line).Order());

        using var stranger = new StyleClipClient(host.Server.Address, "sck_nonsense");
        GatewayException refused = await Assert.ThrowsAsync<GatewayException>(() => stranger.ListPacks(Ct));
        Assert.Equal((ProblemTypes.Unauthenticated, HttpStatusCode.Unauthorized), (refused.Problem.Type, refused.StatusCode));
        await Assert.ThrowsAsync<GatewayException>(async () =>
        {
            await foreach (SweepUpdate _ in stranger.Sweeps.Watch(new SweepId("any-01234567"), cancellationToken: Ct)) Assert.Fail("A stranger saw an update.");
        });
    }

    [Fact]
    public async Task No_gateway_is_said_with_the_address()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        probe.Stop();
        using var client = new StyleClipClient(address, "sck_any", new StyleClipClientOptions { Attempts = 2, Time = new HurriedTime() });
        GatewayUnreachableException unreachable = await Assert.ThrowsAsync<GatewayUnreachableException>(() => client.ListPacks(Ct));
        Assert.Contains(address.ToString(), unreachable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweeps_jobs_nodes_and_packs_are_read_and_steered()
    {
        await using GatewayHost host = await GatewayHost.Start(GatewayHost.UntilStopped, devices: 1);
        using StyleClipClient client = Client(host);
        SweepId id = (await client.Sweeps.Submit(GatewayHost.Spec(), cancellationToken: Ct)).Sweep.Id;
        SweepStatus status = (await client.Sweeps.Find(id, Ct))!;
        var listed = new List<SweepId>();
        await foreach (SweepSummary sweep in client.Sweeps.List(Ct)) listed.Add(sweep.Id);
        Assert.Equal([id], listed);
        Assert.Null(await client.Sweeps.Find(new SweepId("other-01234567"), Ct));
        Assert.Equal("a smile", (await client.Jobs.Find(id, status.Jobs[1].Id, Ct))!.Prompt);
        Assert.NotEmpty(await client.Jobs.Log(id, status.Jobs[1].Id, Ct));
        Assert.Equal(JobPhase.Cancelled, (await client.Jobs.Cancel(id, status.Jobs[1].Id, Ct)).Phase);
        Assert.Equal((await client.Sweeps.Outline(GatewayHost.Spec(), cancellationToken: Ct)).Id, id);

        NodeStatus node = Assert.Single(await client.Nodes.List(Ct));
        Assert.Equal(NodeState.Cordoned, (await client.Nodes.Cordon(node.Name, Ct)).State);
        Assert.Equal(NodeState.Ready, (await client.Nodes.Uncordon(node.Name, Ct)).State);
        Assert.Contains((await client.Nodes.Drain(node.Name, Ct)).State, new[] { NodeState.Draining, NodeState.Drained });
        await Assert.ThrowsAsync<GatewayException>(() => client.Nodes.Drain("nobody", Ct));
        Assert.Equal(SamplePack.Name, Assert.Single(await client.ListPacks(Ct)).Name);
        Assert.Equal(SweepPhase.Ended, (await client.Sweeps.Cancel(id, Ct)).Phase);
    }

    private static StyleClipClient Client(GatewayHost host, FaultyNetwork? network = null, TimeSpan? silence = null) => new(
        host.Server.Address,
        host.Key(ApiRole.Admin),
        new StyleClipClientOptions { Handler = network, Time = new HurriedTime(), Silence = silence ?? TimeSpan.FromMinutes(10), Timeout = TimeSpan.FromMinutes(10) });

    private sealed class Noted(List<Exception> exceptions) : IProgress<Exception>
    {
        public void Report(Exception value) => exceptions.Add(value);
    }

    private sealed class SilentStream() : MemoryStream(new byte[1])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
