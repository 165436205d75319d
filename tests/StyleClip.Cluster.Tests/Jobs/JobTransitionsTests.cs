using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Tests.Jobs;

public sealed class JobTransitionsTests
{
    private static readonly JobState Pending = After(new JobState(), new JobEvent.Submitted(Samples.Job()));
    private static readonly JobState Running = After(Pending, new JobEvent.Assigned(Samples.Lease));

    [Fact]
    public void A_device_raises_the_epoch()
    {
        Assert.Equal(JobPhase.Running, Running.Phase);
        Assert.Equal(Pending.Epoch + 1, Running.Epoch);
        Assert.Equal(Samples.Lease, Running.Lease);
    }

    [Fact]
    public void A_job_that_runs_takes_no_second_device() => AssertUnchanged(Running, new JobEvent.Assigned(Samples.Lease with { Device = 1 }));

    [Fact]
    public void A_checkpoint_is_remembered_and_ends_a_row_of_failures()
    {
        JobState failedOnce = After(Running, new JobEvent.WorkerFailed(1, FailureKind.Device, "x"), new JobEvent.Assigned(Samples.Lease));
        JobState job = After(failedOnce, new JobEvent.Checkpointed(2, Samples.Artifact, Samples.Checkpoint(50, 2), 3.5));

        Assert.Equal((Samples.Artifact, 50, "cpu-test", 0, 3.5), (job.Checkpoint, job.CheckpointStep, job.DeviceKind, job.FailuresInARow, job.DeviceSeconds));
    }

    [Fact]
    public void An_older_checkpoint_does_not_replace_a_newer_one()
    {
        JobState job = After(Running, new JobEvent.Checkpointed(1, Samples.Artifact, Samples.Checkpoint(50), 1));
        AssertUnchanged(job, new JobEvent.Checkpointed(1, Samples.Artifact, Samples.Checkpoint(40), 1));
    }

    [Fact]
    public void A_late_report_from_an_old_epoch_changes_nothing()
    {
        JobState second = After(Running, new JobEvent.WorkerFailed(1, FailureKind.NodeLost, "gone"), new JobEvent.Assigned(Samples.Lease));

        AssertUnchanged(second, new JobEvent.Checkpointed(1, Samples.Artifact, Samples.Checkpoint(99), 1));
        AssertUnchanged(second, new JobEvent.Stopped(1));
        AssertUnchanged(second, new JobEvent.Trained(1, Samples.Result()));
        AssertUnchanged(second, new JobEvent.WorkerFailed(1, FailureKind.Diverged, "late"));
    }

    [Theory]
    [InlineData(FailureKind.Diverged)]
    [InlineData(FailureKind.Input)]
    public void A_failure_that_would_repeat_itself_ends_the_job(FailureKind kind)
    {
        JobState job = After(Running, new JobEvent.WorkerFailed(1, kind, "numbers"));
        Assert.Equal((JobPhase.Failed, "numbers"), (job.Phase, job.Reason));
        AssertUnchanged(job, new JobEvent.Submitted(Samples.Job()));
    }

    [Fact]
    public void A_job_is_given_up_after_failures_in_a_row_and_tried_again_when_it_is_submitted_again()
    {
        JobState job = Pending;
        for (int i = 0; i < JobTransitions.MaxFailuresInARow; i++)
        {
            Assert.Equal(JobPhase.Pending, job.Phase);
            job = After(job, new JobEvent.Assigned(Samples.Lease));
            job = After(job, new JobEvent.WorkerFailed(job.Epoch, FailureKind.NodeLost, "gone"));
        }

        Assert.Equal(JobPhase.Failed, job.Phase);
        Assert.Contains("gone", job.Reason, StringComparison.Ordinal);
        Assert.Equal(JobPhase.Pending, After(job, new JobEvent.Submitted(Samples.Job())).Phase);
    }

    [Fact]
    public void A_running_job_pauses_by_way_of_its_worker()
    {
        JobState pausing = After(Running, new JobEvent.PauseAsked());
        JobState paused = After(pausing, new JobEvent.Stopped(1));

        Assert.Equal((JobPhase.Pausing, JobPhase.Paused), (pausing.Phase, paused.Phase));
        Assert.Equal(JobPhase.Pending, After(paused, new JobEvent.ResumeAsked()).Phase);
    }

    [Fact]
    public void Resuming_before_the_worker_has_stopped_fences_it_off()
    {
        JobState job = After(Running, new JobEvent.PauseAsked(), new JobEvent.ResumeAsked());
        Assert.Equal((JobPhase.Pending, 2L), (job.Phase, job.Epoch));
        AssertUnchanged(job, new JobEvent.Stopped(1));
    }

    [Fact]
    public void A_worker_that_stops_unasked_gives_the_job_back() =>
        Assert.Equal(JobPhase.Pending, After(Running, new JobEvent.Stopped(1)).Phase);

    [Fact]
    public void A_worker_lost_while_pausing_leaves_the_job_paused() =>
        Assert.Equal(JobPhase.Paused, After(Running, new JobEvent.PauseAsked(), new JobEvent.WorkerFailed(1, FailureKind.NodeLost, "gone")).Phase);

    [Fact]
    public void Trained_jobs_are_published_or_rejected_by_the_gate()
    {
        JobState trained = After(Running, new JobEvent.Trained(1, Samples.Result()));

        Assert.Equal(JobPhase.Publishing, trained.Phase);
        Assert.Equal(JobPhase.Succeeded, After(trained, new JobEvent.Published(Samples.Artifact, true, null)).Phase);
        Assert.Equal(JobPhase.Rejected, After(trained, new JobEvent.Published(Samples.Artifact, false, "gain")).Phase);
        AssertUnchanged(trained, new JobEvent.CancelAsked());
    }

    [Fact]
    public void A_cancelled_job_hears_nobody()
    {
        JobState job = After(Running, new JobEvent.CancelAsked());
        Assert.Equal(JobPhase.Cancelled, job.Phase);
        AssertUnchanged(job, new JobEvent.Trained(1, Samples.Result()));
        AssertUnchanged(job, new JobEvent.ResumeAsked());
        AssertUnchanged(job, new JobEvent.Submitted(Samples.Job()));
    }

    private static JobState After(JobState job, params JobEvent[] events) => events.Aggregate(job, JobTransitions.Apply);

    private static void AssertUnchanged(JobState job, JobEvent happened) => Assert.Same(job, JobTransitions.Apply(job, happened));
}
