using System.Runtime.CompilerServices;
using StyleClip.Cluster.GrainState;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Sweeps;

internal sealed class SweepGrain(
    [PersistentState("sweep", ArtifactGrainStorage.Name)] IPersistentState<SweepState> state,
    SweepInstruments instruments,
    TimeProvider time) : Grain, ISweepGrain
{
    /// <summary>Jobs that are spoken to at the same time.</summary>
    private const int Parallelism = 64;

    /// <summary>Longest time between two updates that a watcher must wait for nothing.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    private (JobSpec Spec, JobKey Key)[]? _jobs;
    private SweepBoard? _board;

    private SweepId Id => new(this.GetPrimaryKeyString());

    public async Task<SweepStatus> Submit(SweepPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Id != Id) throw new ArgumentException($"The plan's id is {plan.Id}; this sweep is {Id}.", nameof(plan));
        if (state.State.Plan is null || state.State.Paused)
        {
            state.State = state.State with { Plan = plan, Paused = false };
            await state.WriteStateAsync(cancellationToken);
        }

        await TellJobs((job, spec, ct) => job.Submit(spec, Share, paused: false, ct), cancellationToken);
        return Snapshot();
    }

    public async Task Revive(CancellationToken cancellationToken)
    {
        if (state.State.Plan is null) return;
        bool paused = state.State.Paused;
        await TellJobs((job, spec, ct) => job.Revive(spec, Share, paused, ct), cancellationToken);
    }

    public async Task<SweepStatus> Status(CancellationToken cancellationToken)
    {
        if (_board is null && state.State.Plan is not null) await TellJobs((job, _, ct) => job.Status(ct), cancellationToken);
        return Snapshot();
    }

    public async Task Pause(CancellationToken cancellationToken)
    {
        if (state.State.Plan is null) return;
        state.State = state.State with { Paused = true };
        await state.WriteStateAsync(cancellationToken);
        await TellJobs((job, _, ct) => job.Pause(ct), cancellationToken);
        Board.Touch(); // the sweep's own phase may have changed with no job's
    }

    public async Task Resume(CancellationToken cancellationToken)
    {
        if (state.State.Plan is null) return;
        state.State = state.State with { Paused = false };
        await state.WriteStateAsync(cancellationToken);
        await TellJobs((job, _, ct) => job.Resume(ct), cancellationToken);
        Board.Touch(); // the sweep's own phase may have changed with no job's
    }

    public async Task Cancel(CancellationToken cancellationToken)
    {
        if (state.State.Plan is null) return;
        state.State = state.State with { Cancelled = true, Paused = false };
        await state.WriteStateAsync(cancellationToken);
        await TellJobs((job, _, ct) => job.Cancel(ct), cancellationToken);
        Board.Touch(); // the sweep's own phase may have changed with no job's
    }

    public async IAsyncEnumerable<SweepUpdate> Watch(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Status(cancellationToken);
        while (true)
        {
            Task changed = Board.Changed;
            SweepPhase phase = Board.Phase(state.State.Paused);
            if (Board.Sequence > after || phase is SweepPhase.Ended or SweepPhase.Paused)
            {
                var update = new SweepUpdate { Sequence = Board.Sequence, Phase = phase, Jobs = Board.After(after) };
                after = update.Sequence;
                yield return update;
                if (phase is SweepPhase.Ended or SweepPhase.Paused) yield break;
                await Task.Delay(WatchInterval, cancellationToken); // several changes make one update
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task ReportJob(JobStatus status, CancellationToken cancellationToken)
    {
        if (state.State.Plan is null) return Task.CompletedTask;
        Board.Post(status);
        instruments.Update(Id, Board.Jobs);
        return Task.CompletedTask;
    }

    // Ids are hashes of specs: computed once.
    private (JobSpec Spec, JobKey Key)[] Jobs => _jobs ??= [.. Plan.Jobs.Select(spec => (spec, JobKey.Of(Id, JobId.Of(spec))))];

    private SweepBoard Board => _board ??= new SweepBoard([.. Jobs.Select(job => new JobId(job.Key.Job))], SweepBoard.StartAt(time.GetUtcNow()));

    private SweepShare Share => new() { MaxDevices = Plan.MaxDevices, Priority = Plan.Priority };

    private SweepPlan Plan => state.State.Plan ?? throw new InvalidOperationException($"Sweep {Id} has not been submitted.");

    private SweepStatus Snapshot() => new()
    {
        Id = Id,
        Name = Plan.Name,
        Phase = Board.Phase(state.State.Paused),
        Jobs = [.. Board.Jobs],
    };

    private async Task TellJobs(Func<IJobGrain, JobSpec, CancellationToken, Task<JobStatus>> call, CancellationToken cancellationToken)
    {
        foreach (var some in Jobs.Chunk(Parallelism))
        {
            JobStatus[] answers = await Task.WhenAll(some.Select(job =>
                call(GrainFactory.GetGrain<IJobGrain>(job.Key.ToString()), job.Spec, cancellationToken)));
            foreach (JobStatus status in answers) await ReportJob(status, cancellationToken);
        }
    }
}
