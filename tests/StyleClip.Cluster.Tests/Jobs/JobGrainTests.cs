using System.Collections.Concurrent;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Tests.Jobs;

/// <summary>Members that come and go while a job runs over two devices.</summary>
public sealed class JobGrainTests : IDisposable
{
    /// <summary>Below the silence after which a job gives a worker up by itself.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly SweepPlan Plan = new()
    {
        Name = "wide",
        Jobs = [Samples.Job() with { Recipe = new RecipeSpec { Name = "wide", Steps = 100, Batch = new BatchRecipe { Size = 4, MicroShards = 4 } } }],
    };

    private readonly string _store = Directory.CreateTempSubdirectory("styleclip-cluster-").FullName;

    [Fact]
    public async Task A_member_that_asks_again_to_join_is_let_in_although_it_leads_by_now()
    {
        var again = new TaskCompletionSource<(Guid Lease, WorkerAnswer Answer)>();
        await using TestCluster cluster = await TestCluster.Start(_store, async (segment, job, stopped) =>
        {
            if (segment.View is not null)
            {
                await SpeakUntil(segment, job, view => view.Members.Length == 2);
                await job.ReportFailed(segment.Lease.Id, FailureKind.Device, "gone", CancellationToken.None);
                return;
            }

            await JoinAs(segment, job); // as if its answer were lost with the process that gave it
            while (!stopped.IsCompleted && (await job.Status(CancellationToken.None)).Device != segment.Lease.ToString()) await Task.Delay(20);
            if (stopped.IsCompleted) return; // the device that failed has joined anew
            again.TrySetResult((segment.Lease.Id, await job.Join(segment.Lease.Id, Identity(segment), CancellationToken.None)));
            await job.ReportTrained(segment.Lease.Id, Samples.Result(), CancellationToken.None);
        });

        await cluster.Submit(Plan);
        (Guid lease, WorkerAnswer answer) = await again.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(WorkerOrder.Continue, answer.Order);
        Assert.Equal(0, answer.View!.IndexOf(lease));
        Assert.Equal(JobPhase.Succeeded, (await cluster.Await(Plan)).Jobs.Single().Phase);
    }

    [Fact]
    public async Task A_member_whose_device_is_given_to_the_job_again_is_a_member_no_more()
    {
        var joined = new ConcurrentQueue<Guid>();
        var ended = new TaskCompletionSource<JobView>();
        await using TestCluster cluster = await TestCluster.Start(_store, async (segment, job, stopped) =>
        {
            if (segment.View is not null)
            {
                ended.TrySetResult(await SpeakUntil(segment, job, view => view.Members.Length == 2 && joined.Count == 2 && view.IndexOf(joined.Last()) == 1));
                await job.ReportTrained(segment.Lease.Id, Samples.Result(), CancellationToken.None);
                return;
            }

            await JoinAs(segment, job);
            joined.Enqueue(segment.Lease.Id);
            if (joined.Count > 1) await stopped; // the first one ends and tells nobody
        });

        await cluster.Submit(Plan);
        JobView view = await ended.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(-1, view.IndexOf(joined.First()));
        Assert.Equal(0, (await cluster.Await(Plan)).Jobs.Single().Restarts);
    }

    public void Dispose() => Directory.Delete(_store, recursive: true);

    private static MemberIdentity Identity(SegmentRequest segment) => new() { DeviceKind = "cpu-test", Build = "test", Pack = segment.Spec.Pack };

    private static async Task JoinAs(SegmentRequest segment, IJobGrain job)
    {
        WorkerAnswer answer;
        while ((answer = await job.Join(segment.Lease.Id, Identity(segment), CancellationToken.None)).View is null)
        {
            if (answer.Order == WorkerOrder.Abandon) throw new InvalidOperationException($"{segment.Lease} is not let in.");
            await Task.Delay(20);
        }
    }

    private static async Task<JobView> SpeakUntil(SegmentRequest segment, IJobGrain job, Func<JobView, bool> condition)
    {
        var progress = new WorkerProgress { Lease = segment.Lease.Id, Identity = Identity(segment) };
        while (true)
        {
            WorkerAnswer answer = await job.ReportProgress(progress, CancellationToken.None);
            if (answer.View is { } view && condition(view)) return view;
            await Task.Delay(50);
        }
    }
}
