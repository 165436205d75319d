using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Tests.Jobs;

public sealed class JobTransitionsTests
{
    private static readonly DeviceLease Second = Samples.Lease with { Device = 1, Id = Guid.Parse("33333333-3333-3333-3333-333333333333") };
    private static readonly DeviceLease Third = Samples.Lease with { Node = "n2", Id = Guid.Parse("44444444-4444-4444-4444-444444444444") };
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
        JobState failedOnce = After(Running, new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.Device, "x"), new JobEvent.Assigned(Second));
        JobState job = After(failedOnce, new JobEvent.Checkpointed(Second.Id, Samples.Artifact, Samples.Checkpoint(50, 2), 3.5));

        Assert.Equal((Samples.Artifact, 50, "cpu-test", 0, 3.5), (job.Checkpoint, job.CheckpointStep, job.DeviceKind, job.FailuresInARow, job.DeviceSeconds));
    }

    [Fact]
    public void An_older_checkpoint_does_not_replace_a_newer_one()
    {
        JobState job = After(Running, new JobEvent.Checkpointed(Samples.Lease.Id, Samples.Artifact, Samples.Checkpoint(50), 1));
        AssertUnchanged(job, new JobEvent.Checkpointed(Samples.Lease.Id, Samples.Artifact, Samples.Checkpoint(40), 1));
    }

    [Fact]
    public void A_late_report_under_a_lease_that_is_not_held_any_more_changes_nothing()
    {
        JobState second = After(Running, new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.NodeLost, "gone"), new JobEvent.Assigned(Second));

        AssertUnchanged(second, new JobEvent.Checkpointed(Samples.Lease.Id, Samples.Artifact, Samples.Checkpoint(99), 1));
        AssertUnchanged(second, new JobEvent.Stopped(Samples.Lease.Id));
        AssertUnchanged(second, new JobEvent.Trained(Samples.Lease.Id, Samples.Result()));
        AssertUnchanged(second, new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.Diverged, "late"));
    }

    [Theory]
    [InlineData(FailureKind.Diverged)]
    [InlineData(FailureKind.Input)]
    public void A_failure_that_would_repeat_itself_ends_the_job(FailureKind kind)
    {
        JobState job = After(Running, new JobEvent.WorkerFailed(Samples.Lease.Id, kind, "numbers"));
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
            job = After(job, new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.NodeLost, "gone"));
        }

        Assert.Equal(JobPhase.Failed, job.Phase);
        Assert.Contains("gone", job.Reason, StringComparison.Ordinal);
        Assert.Equal(JobPhase.Pending, After(job, new JobEvent.Submitted(Samples.Job())).Phase);
    }

    [Fact]
    public void A_node_that_does_not_begin_costs_the_job_no_try()
    {
        JobState job = Pending;
        for (int i = 0; i <= JobTransitions.MaxFailuresInARow; i++) job = After(job, new JobEvent.Assigned(Samples.Lease), new JobEvent.Refused(Samples.Lease.Id));

        Assert.Equal((JobPhase.Pending, 0, 0, null), (job.Phase, job.FailuresInARow, job.Restarts, job.Lease));
        AssertUnchanged(After(job, new JobEvent.Assigned(Second)), new JobEvent.Refused(Samples.Lease.Id));
        Assert.Equal(JobPhase.Paused, After(Running, new JobEvent.PauseAsked(), new JobEvent.Refused(Samples.Lease.Id)).Phase);
    }

    [Fact]
    public void A_running_job_pauses_by_way_of_its_worker()
    {
        JobState pausing = After(Running, new JobEvent.PauseAsked());
        JobState paused = After(pausing, new JobEvent.Stopped(Samples.Lease.Id));

        Assert.Equal((JobPhase.Pausing, JobPhase.Paused), (pausing.Phase, paused.Phase));
        Assert.Equal(JobPhase.Pending, After(paused, new JobEvent.ResumeAsked()).Phase);
    }

    [Fact]
    public void Resuming_before_the_worker_has_stopped_fences_it_off()
    {
        JobState job = After(Running, new JobEvent.PauseAsked(), new JobEvent.ResumeAsked());
        Assert.Equal((JobPhase.Pending, 2L), (job.Phase, job.Epoch));
        AssertUnchanged(job, new JobEvent.Stopped(Samples.Lease.Id));
    }

    [Fact]
    public void A_worker_that_stops_unasked_gives_the_job_back() =>
        Assert.Equal(JobPhase.Pending, After(Running, new JobEvent.Stopped(Samples.Lease.Id)).Phase);

    [Fact]
    public void A_worker_lost_while_pausing_leaves_the_job_paused() =>
        Assert.Equal(JobPhase.Paused, After(Running, new JobEvent.PauseAsked(), new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.NodeLost, "gone")).Phase);

    [Fact]
    public void A_table_s_job_ends_without_metrics_and_without_a_picture()
    {
        TrainingResult table = Samples.Result() with { Metrics = null, Strip = null, TableRows = 9, TableFeatures = 4 };

        JobState job = After(Running, new JobEvent.Trained(Samples.Lease.Id, table), new JobEvent.Published(Samples.Artifact, PassesGate: true, null));

        Assert.Equal((JobPhase.Succeeded, null, null), (job.Phase, job.Best, job.Strip));
    }

    [Fact]
    public void A_checkpoint_without_a_picture_keeps_the_one_before()
    {
        JobState job = After(
            Running,
            new JobEvent.Checkpointed(Samples.Lease.Id, Samples.Artifact, Samples.Checkpoint(10), 1),
            new JobEvent.Checkpointed(Samples.Lease.Id, Samples.Artifact, Samples.Checkpoint(20) with { Strip = null }, 1));

        Assert.Equal((20, Samples.Artifact), (job.CheckpointStep, job.Strip));
    }

    [Fact]
    public void Trained_jobs_are_published_or_rejected_by_the_gate()
    {
        JobState trained = After(Running, new JobEvent.Trained(Samples.Lease.Id, Samples.Result()));

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
        AssertUnchanged(job, new JobEvent.Trained(Samples.Lease.Id, Samples.Result()));
        AssertUnchanged(job, new JobEvent.ResumeAsked());
        AssertUnchanged(job, new JobEvent.Submitted(Samples.Job()));
    }

    [Fact]
    public void Every_change_of_the_members_raises_the_epoch()
    {
        JobState job = After(Running, new JobEvent.Joined(Second), new JobEvent.Joined(Third));

        Assert.Equal([Samples.Lease, Second, Third], job.View()!.Members);
        Assert.Equal(Running.Epoch + 2, job.Epoch);
        AssertUnchanged(job, new JobEvent.Joined(Second));
        Assert.Equal((Running.Epoch + 3, 2), (After(job, new JobEvent.Left(Second.Id)).Epoch, After(job, new JobEvent.Left(Second.Id)).View()!.Members.Length));
    }

    [Theory]
    [InlineData(FailureKind.NodeLost)]
    [InlineData(FailureKind.Device)]
    [InlineData(FailureKind.Store)]
    public void Where_the_leader_is_lost_the_next_member_leads_and_nothing_is_restarted(FailureKind kind)
    {
        JobState job = After(Running, new JobEvent.Joined(Second), new JobEvent.Joined(Third), new JobEvent.WorkerFailed(Samples.Lease.Id, kind, "gone"));

        Assert.Equal((JobPhase.Running, 0), (job.Phase, job.Restarts));
        Assert.Equal([Second, Third], job.View()!.Members);
        AssertUnchanged(job, new JobEvent.Trained(Samples.Lease.Id, Samples.Result()));
        AssertUnchanged(job, new JobEvent.Trained(Third.Id, Samples.Result())); // a follower's word is not the leader's
        Assert.Equal(JobPhase.Publishing, After(job, new JobEvent.Trained(Second.Id, Samples.Result())).Phase);
    }

    [Fact]
    public void A_follower_that_does_not_fit_costs_the_job_nothing_but_a_leader_that_diverges_ends_it()
    {
        JobState job = After(Running, new JobEvent.Joined(Second));

        Assert.Equal([Samples.Lease], After(job, new JobEvent.WorkerFailed(Second.Id, FailureKind.Input, "other pack")).View()!.Members);
        Assert.Equal(JobPhase.Failed, After(job, new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.Diverged, "NaN")).Phase);
    }

    [Fact]
    public void A_leader_whose_node_drains_hands_a_wide_job_over()
    {
        JobState job = After(Running, new JobEvent.Joined(Second), new JobEvent.Stopped(Samples.Lease.Id));
        Assert.Equal((JobPhase.Running, Second), (job.Phase, job.Lease));
    }

    [Fact]
    public void A_wide_job_pauses_by_way_of_its_leader_and_frees_every_device()
    {
        JobState pausing = After(Running, new JobEvent.Joined(Second), new JobEvent.PauseAsked());
        AssertUnchanged(pausing, new JobEvent.Joined(Third));

        JobState paused = After(pausing, new JobEvent.Stopped(Samples.Lease.Id));
        Assert.Equal(JobPhase.Paused, paused.Phase);
        Assert.Null(paused.View());
        Assert.Equal(Second, After(pausing, new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.NodeLost, "gone")).Lease); // it will be asked to pause in turn
    }

    private static JobState After(JobState job, params JobEvent[] events) => events.Aggregate(job, JobTransitions.Apply);

    private static void AssertUnchanged(JobState job, JobEvent happened) => Assert.Same(job, JobTransitions.Apply(job, happened));
}
