using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Tests.Sweeps;

public sealed class SweepBoardTests
{
    private static readonly JobId First = new("1"), Second = new("2");
    private readonly SweepBoard _board = new([First, Second]);

    [Fact]
    public void A_cursor_sees_only_what_came_later_each_job_once()
    {
        _board.Post(Status(First, JobPhase.Pending));
        long cursor = _board.Sequence;
        _board.Post(Status(Second, JobPhase.Pending));
        _board.Post(Status(Second, JobPhase.Running, epoch: 1));

        JobStatus seen = Assert.Single(_board.After(cursor, 10).Jobs);
        Assert.Equal((Second, JobPhase.Running), (seen.Id, seen.Phase));
        Assert.Equal([First, Second], _board.After(0, 10).Jobs.Select(job => job.Id));
    }

    [Fact]
    public void More_changes_than_the_limit_come_in_parts_and_none_is_missed()
    {
        JobId[] ids = [.. Enumerable.Range(0, 10).Select(number => new JobId($"{number}"))];
        var board = new SweepBoard(ids);
        foreach (JobId id in ids.Reverse()) board.Post(Status(id, JobPhase.Pending));

        var seen = new List<JobId>();
        long cursor = 0;
        while (cursor < board.Sequence)
        {
            (IReadOnlyList<JobStatus> jobs, cursor) = board.After(cursor, 3);
            Assert.InRange(jobs.Count, 1, 3);
            seen.AddRange(jobs.Select(job => job.Id));
        }

        Assert.Equal(ids, seen.OrderBy(id => id.Value));
    }

    [Fact]
    public void The_same_words_again_are_no_change()
    {
        _board.Post(Status(First, JobPhase.Pending));
        long before = _board.Sequence;
        _board.Post(Status(First, JobPhase.Pending));
        Assert.Equal(before, _board.Sequence);
    }

    [Fact]
    public void Counts_follow_every_change_of_a_phase()
    {
        _board.Post(Status(First, JobPhase.Pending));
        _board.Post(Status(Second, JobPhase.Pending));
        _board.Post(Status(First, JobPhase.Running, epoch: 1));
        Assert.Equal((1, 1, 2), (_board.Counts[(int)JobPhase.Pending], _board.Counts[(int)JobPhase.Running], _board.Counts.Sum()));
    }

    [Fact]
    public void A_job_that_the_sweep_does_not_have_is_not_counted()
    {
        _board.Post(Status(new JobId("another"), JobPhase.Pending));
        Assert.Empty(_board.Jobs);
    }

    [Fact]
    public void A_cursor_of_an_earlier_board_sees_everything()
    {
        var earlier = new SweepBoard([First], SweepBoard.StartAt(DateTimeOffset.UnixEpoch.AddYears(60)));
        for (int i = 0; i < 1000; i++) earlier.Touch();
        var board = new SweepBoard([First], SweepBoard.StartAt(DateTimeOffset.UnixEpoch.AddYears(60).AddMilliseconds(1)));
        board.Post(Status(First, JobPhase.Running));
        Assert.Single(board.After(earlier.Sequence, 10).Jobs);
    }

    [Fact]
    public void Words_of_an_old_epoch_or_after_the_end_are_not_shown()
    {
        _board.Post(Status(First, JobPhase.Running, epoch: 2));
        _board.Post(Status(First, JobPhase.Running, epoch: 1));
        Assert.Equal(2, _board.Jobs.Single().Epoch);

        _board.Post(Status(First, JobPhase.Succeeded, epoch: 2));
        _board.Post(Status(First, JobPhase.Running, epoch: 2));
        Assert.Equal(JobPhase.Succeeded, _board.Jobs.Single().Phase);
    }

    [Fact]
    public void A_sweep_has_ended_when_every_job_has()
    {
        _board.Post(Status(First, JobPhase.Succeeded));
        Assert.Equal(SweepPhase.Running, _board.Phase(paused: false));
        _board.Post(Status(Second, JobPhase.Failed));
        Assert.Equal(SweepPhase.Ended, _board.Phase(paused: false));
    }

    [Fact]
    public void A_sweep_is_paused_when_no_job_works_any_more()
    {
        _board.Post(Status(First, JobPhase.Paused));
        _board.Post(Status(Second, JobPhase.Pausing));
        Assert.Equal(SweepPhase.Pausing, _board.Phase(paused: true));
        _board.Post(Status(Second, JobPhase.Paused));
        Assert.Equal(SweepPhase.Paused, _board.Phase(paused: true));
    }

    [Fact]
    public void A_sweep_whose_jobs_were_paused_one_by_one_stands_still_too()
    {
        _board.Post(Status(First, JobPhase.Paused));
        _board.Post(Status(Second, JobPhase.Running));
        Assert.Equal(SweepPhase.Running, _board.Phase(paused: false));
        _board.Post(Status(Second, JobPhase.Succeeded));
        Assert.Equal(SweepPhase.Paused, _board.Phase(paused: false));
    }

    [Fact]
    public void A_paused_sweep_of_which_one_job_was_resumed_runs()
    {
        _board.Post(Status(First, JobPhase.Paused));
        _board.Post(Status(Second, JobPhase.Running));
        Assert.Equal(SweepPhase.Running, _board.Phase(paused: true));
    }

    [Fact]
    public async Task A_watcher_is_woken_by_a_change()
    {
        Task changed = _board.Changed;
        Assert.False(changed.IsCompleted);
        _board.Post(Status(First, JobPhase.Pending));
        await changed.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    private static JobStatus Status(JobId id, JobPhase phase, long epoch = 0) => new()
    {
        Id = id,
        Sweep = new SweepId("s"),
        Prompt = "p",
        Slug = "p",
        Phase = phase,
        Epoch = epoch,
        Step = 0,
        StepsTarget = 1,
    };
}
