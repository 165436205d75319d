using System.Diagnostics;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Faults.Tests;

/// <summary>Deals a blow to a running job, waits until training goes on, and measures what it cost.</summary>
internal sealed class Blow(FaultCluster cluster, WatchedJob job, CellResult cell)
{
    private static readonly TimeSpan DeathLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan OutageTime = TimeSpan.FromSeconds(20);

    private long _struck;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="before">The job just before.</param>
    /// <param name="blobs">The store's service, where it can go away.</param>
    public async Task Strike(JobStatus before, BlobService? blobs)
    {
        JobState stored = (await job.Stored())!;
        string[] members = [stored.Lease!.Node, .. stored.Followers.Select(follower => follower.Node)];
        string coordinator = await Coordinator();
        string member = members.FirstOrDefault(name => name != coordinator) ?? members[0];
        _struck = Stopwatch.GetTimestamp();
        switch (cell.Disturbance)
        {
            case Disturbance.MemberKilled:
                await Kill(member, before);
                break;
            case Disturbance.CoordinatorKilled:
                await Kill(coordinator, before);
                break;
            case Disturbance.MemberFrozen:
                await Freeze(member, before);
                break;
            case Disturbance.MemberDrained:
                await Drain(member, before);
                break;
            case Disturbance.NodeAdded:
                await cluster.StartNode($"n{cluster.Nodes.Count + 1}");
                await job.Until($"{cell.Width + 1} devices train", status => status.Width == cell.Width + 1 && IsPast(status, before));
                cell.Continuation = Stopwatch.GetElapsedTime(_struck);
                break;
            case Disturbance.StoreGone:
                await blobs!.GoAwayFor(OutageTime, Ct);
                break;
            case Disturbance.AllKilled:
                await KillAll(before);
                break;
            case Disturbance.MembershipSplit:
                await Split(member);
                break;
        }
    }

    private async Task Kill(string node, JobStatus before)
    {
        cluster.Node(node).Send(Signals.Kill);
        await AwaitDeath(node);
        await AwaitTraining(before);
        Assert.Equal(128 + Signals.Kill, await cluster.Node(node).Exit(ExitLimit));
    }

    // On waking, the process finds that the others hold it for dead. Nothing that it still says counts, and it ends by itself.
    private async Task Freeze(string node, JobStatus before)
    {
        cluster.Node(node).Send(Signals.Stop);
        await AwaitDeath(node);
        await AwaitTraining(before);
        cluster.Node(node).Send(Signals.Continue);
        Assert.NotEqual(0, await cluster.Node(node).Exit(ExitLimit));
    }

    private async Task Drain(string node, JobStatus before)
    {
        cluster.Node(node).Send(Signals.Terminate);
        Assert.True(await cluster.Node(node).Exit(ExitLimit) == 0, cluster.Node(node).Tail);
        cell.Detection = Stopwatch.GetElapsedTime(_struck);
        await AwaitTraining(before);
    }

    private async Task KillAll(JobStatus before)
    {
        string[] names = [.. cluster.Nodes.Select(node => node.Name)];
        NodeProcess[] killed = [.. cluster.Nodes];
        foreach (NodeProcess node in killed) node.Send(Signals.Kill);
        foreach (NodeProcess node in killed) await node.Exit(ExitLimit);
        await cluster.StartNodes(names);
        await AwaitTraining(before);
    }

    // The node is frozen, so that its job falls to a cluster that does not know it; and nobody of its own cluster is left to declare it
    // dead. When it wakes, both hold the job, and the store decides.
    private async Task Split(string node)
    {
        foreach (NodeProcess other in cluster.Nodes.Where(other => other.Name != node))
        {
            other.Send(Signals.Terminate);
            await other.Exit(ExitLimit);
        }

        JobStatus before = await job.Until("the node trains alone", status => status is { Width: 1, LastStep: not null });
        cluster.Node(node).Send(Signals.Stop);
        _struck = Stopwatch.GetTimestamp();
        await cluster.StartNode("other", "other-cluster");
        JobState taken = await Waiting.Until(
            "the other cluster takes the job",
            DeathLimit * 2,
            async () => await job.Stored() is { } state && state.Epoch > before.Epoch && state.Lease?.Node == "other" ? state : null,
            cluster.Explain);
        cell.Continuation = Stopwatch.GetElapsedTime(_struck);
        cell.StepsLost = Math.Max(0, before.LastStep!.Step - taken.CheckpointStep);
        cluster.Node(node).Send(Signals.Continue);
    }

    private async Task AwaitDeath(string node)
    {
        await Waiting.Until(
            $"{node} is held for dead", DeathLimit, async () => await cluster.Store.IsDead(node, Ct) ? "dead" : null, cluster.Explain);
        cell.Detection = Stopwatch.GetElapsedTime(_struck);
    }

    private async Task AwaitTraining(JobStatus before)
    {
        JobStatus after = await job.Until("training goes on in a new epoch", status => status.Epoch > before.Epoch && status.LastStep is not null);
        cell.Continuation = Stopwatch.GetElapsedTime(_struck);
        // What a surviving member holds is not lost; without one, the job begins at its checkpoint.
        bool hasSurvivor = before.Width > 1 && cell.Disturbance != Disturbance.AllKilled;
        cell.StepsLost = Math.Max(0, before.LastStep!.Step - (hasSurvivor ? after.LastStep!.Step : after.CheckpointStep));
    }

    private static bool IsPast(JobStatus status, JobStatus before) => status.LastStep?.Step > before.LastStep!.Step;

    private async Task<string> Coordinator()
    {
        SiloAddress silo = (await cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(job.Grain))!;
        return await cluster.Store.NameOf(silo.ToParsableString(), Ct);
    }
}
