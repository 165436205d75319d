using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Faults.Tests;

/// <summary>A job as a test sees it: by the cluster's answers, and by what is in the store.</summary>
internal sealed class WatchedJob(FaultCluster cluster, SweepPlan plan)
{
    private static readonly TimeSpan ProgressLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(180);

    // Asked anew every now and then, whether or not earlier questions were answered: those to a dead node are not.
    private static readonly TimeSpan AskPeriod = TimeSpan.FromMilliseconds(100);

    private readonly JobKey _key = JobKey.Of(plan.Id, JobId.Of(plan.Jobs[0]));
    private volatile JobStatus? _newest;

    public IJobGrain Grain => cluster.Client.GetGrain<IJobGrain>(_key.ToString());

    /// <summary>The status that satisfies <paramref name="condition"/>, and when it was seen.</summary>
    public async Task<JobStatus> Until(string what, Func<JobStatus, bool> condition)
    {
        var found = new TaskCompletionSource<JobStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(ProgressLimit);
        using var period = new PeriodicTimer(AskPeriod);
        try
        {
            while (!found.Task.IsCompleted)
            {
                _ = Ask(condition, found);
                await period.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not within {ProgressLimit.TotalSeconds:0} s: {what}. Last seen: {_newest}\n{cluster.Explain()}");
        }

        return await found.Task;
    }

    /// <summary>The job's memory in the store.</summary>
    public async Task<JobState?> Stored()
    {
        try
        {
            return await cluster.Store.ReadDocument<JobState>($"grains/job/{_key}.json", TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return null; // the store is away
        }
    }

    /// <summary>The job's memory after its end.</summary>
    public Task<JobState> End() => Waiting.Until(
        "the job ends", EndLimit, async () => await Stored() is { } job && job.Phase.HasEnded() ? job : null, cluster.Explain);

    private async Task Ask(Func<JobStatus, bool> condition, TaskCompletionSource<JobStatus> found)
    {
        try
        {
            JobStatus status = await Grain.Status(TestContext.Current.CancellationToken);
            _newest = status;
            if (condition(status)) found.TrySetResult(status);
            else if (status.Phase.HasEnded()) found.TrySetException(new InvalidOperationException($"The job has ended: {status}\n{cluster.Explain()}"));
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException or OperationCanceledException)
        {
            // the next answer may come
        }
    }
}
