using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;

namespace StyleClip.Cluster.Tests.Scheduling;

public sealed class WidthPlanTests
{
    private readonly DevicePool _pool = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(1);

    [Fact]
    public void A_device_that_nobody_waits_for_joins_the_narrowest_job()
    {
        Announce("n1", "cpu", "cpu", "cpu", "cpu");
        Begin("s/1", maxWidth: 2);
        Begin("s/2", maxWidth: 8);

        Assert.Equal("s/2", Widen());
        Assert.Equal("s/2", Widen()); // 2 of 8 is still less than 1 of 2
        Assert.Null(Next());
    }

    [Fact]
    public void Waiting_prompts_go_before_widening()
    {
        Announce("n1", "cpu", "cpu");
        Begin("s/1", maxWidth: 4);
        Enqueue("s/2", maxWidth: 4);

        Assert.Equal("s/2", Assert.IsType<Move.Assign>(Next()).Job.ToString());
    }

    [Fact]
    public void A_job_is_never_wider_than_its_micro_shards_or_its_sweeps_limit()
    {
        Announce("n1", "cpu", "cpu", "cpu", "cpu");
        Begin("s/1", maxWidth: 2);
        Begin("t/1", maxWidth: 8, max: 1);

        Assert.Equal("s/1", Widen());
        Assert.Null(Next());
    }

    [Fact]
    public void Only_a_device_of_the_jobs_own_kind_and_build_joins_it()
    {
        Announce("n1", "cpu");
        Begin("s/1", maxWidth: 4);
        Announce("n2", "gpu");
        _pool.Announce(Announcement("n3", ["cpu"], build: "newer"), _now);
        Assert.Null(Next());

        Announce("n4", "cpu");
        Assert.Equal("n4", Assert.IsType<Move.Widen>(Next()).Lease.Node);
    }

    [Fact]
    public void A_job_that_refuses_is_not_asked_again_before_it_says_so()
    {
        Announce("n1", "cpu", "cpu");
        Begin("s/1", maxWidth: 2);
        _pool.Answered(Next()!, false, _now);
        Assert.Null(Next());

        Hold("s/1", maxWidth: 2);
        Assert.IsType<Move.Widen>(Next());
    }

    [Fact]
    public void When_a_prompt_waits_in_vain_the_widest_job_gives_a_device_back_once()
    {
        Announce("n1", "cpu", "cpu", "cpu", "cpu", "cpu");
        Begin("s/1", maxWidth: 2);
        Widen();
        Begin("s/2", maxWidth: 3);
        Widen();
        Widen();
        Enqueue("s/3");

        var narrow = Assert.IsType<Move.Narrow>(Next());
        Assert.Equal("s/2", narrow.Job.ToString());
        _pool.Answered(narrow, true, _now);
        Assert.Null(Next());
    }

    [Fact]
    public void A_job_that_gives_nothing_back_is_asked_again_only_after_a_while()
    {
        Announce("n1", "cpu", "cpu");
        Begin("s/1", maxWidth: 2);
        Widen();
        Enqueue("s/2");
        _pool.Answered(Next()!, false, _now);
        Assert.Null(Next());

        _now += WidthPlan.Patience;
        Assert.IsType<Move.Narrow>(Next());
    }

    [Fact]
    public void A_sweep_at_its_limit_narrows_only_its_own_jobs()
    {
        Announce("n1", "cpu", "cpu", "cpu", "cpu");
        Begin("s/1", maxWidth: 2);
        Widen();
        Begin("t/1", maxWidth: 2, max: 2);
        Widen();
        Enqueue("t/2", max: 2);

        Assert.Equal("t/1", Assert.IsType<Move.Narrow>(Next()).Job.ToString());
    }

    private Move? Next() => _pool.Next(_now);

    private string Widen()
    {
        var widen = Assert.IsType<Move.Widen>(Next());
        _pool.Answered(widen, true, _now);
        return widen.Job.ToString();
    }

    private void Begin(string job, int maxWidth, int? max = null)
    {
        Enqueue(job, maxWidth, max);
        var assign = Assert.IsType<Move.Assign>(Next());
        _pool.Answered(assign, true, _now);
        Hold(job, maxWidth, max);
    }

    private void Enqueue(string job, int maxWidth = 1, int? max = null) => _pool.Enqueue(Ticket(job, maxWidth, max), _now);

    private void Hold(string job, int maxWidth, int? max = null) => _pool.Hold(Ticket(job, maxWidth, max));

    private static JobTicket Ticket(string job, int maxWidth, int? max) => new(JobKey.Parse(job), max, null, MaxWidth: maxWidth);

    private void Announce(string name, params string[] kinds) => _pool.Announce(Announcement(name, kinds), _now);

    private static NodeAnnouncement Announcement(string name, string[] kinds, string build = "test") => new()
    {
        Node = new NodeDescription { Name = name, Incarnation = Samples.Lease.Incarnation, DeviceKinds = kinds, Build = build, Silo = $"silo of {name}" },
        Busy = new JobKey?[kinds.Length],
    };
}
