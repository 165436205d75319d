using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Contracts.Nodes;

namespace StyleClip.Cluster.Tests.Scheduling;

public sealed class DevicePoolTests
{
    private readonly DevicePool _pool = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(1);

    [Fact]
    public void Jobs_of_one_sweep_are_served_in_the_order_they_came()
    {
        Announce("n1", "cpu", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Enqueue("s/3");

        Assert.Equal(["s/1", "s/2"], AssignAll());
        Assert.Equal(1, _pool.QueuedJobs);
    }

    [Fact]
    public void A_sweep_that_uses_fewer_devices_goes_first()
    {
        Announce("n1", "cpu", "cpu", "cpu", "cpu");
        foreach (string job in new[] { "a/1", "a/2", "a/3", "b/1", "b/2" }) Enqueue(job);

        Assert.Equal(["a/1", "b/1", "a/2", "b/2"], AssignAll());
    }

    [Fact]
    public void Higher_priority_goes_first_however_many_devices_it_uses()
    {
        Announce("n1", "cpu", "cpu", "cpu");
        Enqueue("low/1");
        Enqueue("high/1", priority: 5);
        Enqueue("high/2", priority: 5);

        Assert.Equal(["high/1", "high/2", "low/1"], AssignAll());
    }

    [Fact]
    public void A_job_that_has_begun_goes_before_one_of_its_sweep_that_has_not()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2", kind: "cpu");

        Assert.Equal(["s/2"], AssignAll());
    }

    [Fact]
    public void A_sweep_gets_no_more_devices_than_it_may_use()
    {
        Announce("n1", "cpu", "cpu", "cpu");
        Enqueue("s/1", max: 1);
        Enqueue("s/2", max: 1);

        Assert.Equal(["s/1"], AssignAll());
    }

    [Fact]
    public void A_node_that_ends_gets_no_work_however_free_its_devices_are()
    {
        _pool.Announce(Announcement("n1", ["cpu", "cpu"]) with { IsLeaving = true }, _now);
        Enqueue("s/1");
        Assert.Null(Next());
        Assert.Equal(NodeState.Draining, Assert.Single(_pool.Nodes(_now)).State);

        Announce("n2", "cpu");
        Assert.Equal("n2", Assign().Lease.Node);
    }

    [Fact]
    public void A_checkpoint_goes_on_only_on_a_device_of_its_kind()
    {
        Announce("n1", "gpu", "cpu");
        Enqueue("s/1", kind: "cpu");

        Assert.Equal(("n1", 1), (Assign().Lease.Node, Assigned.Lease.Device));

        Enqueue("s/2", kind: "tpu");
        Assert.Null(Next());
    }

    [Fact]
    public void A_job_that_may_choose_leaves_the_rarer_kind_to_those_who_may_not()
    {
        Announce("n1", "rare", "common", "common");
        Enqueue("s/1");

        Assert.Equal(1, Assign().Lease.Device);
    }

    [Fact]
    public void Asking_twice_keeps_the_place_and_counts_once()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Enqueue("s/1");

        Assert.Equal(["s/1"], AssignAll());
        Assert.Equal(1, _pool.QueuedJobs);
    }

    [Fact]
    public void A_ticket_repeated_while_its_job_is_offered_a_device_is_not_served_twice()
    {
        Announce("n1", "cpu", "cpu");
        Enqueue("s/1", epoch: 3);
        Assign();
        Enqueue("s/1", epoch: 3);
        Accept(Assigned);
        Enqueue("s/1", epoch: 3);

        Assert.Null(Next());
        Assert.Equal(0, _pool.QueuedJobs);
    }

    [Fact]
    public void A_job_that_failed_before_its_acceptance_was_heard_is_queued_again()
    {
        Announce("n1", "cpu", "cpu");
        Enqueue("s/1", epoch: 3);
        Assign();
        Enqueue("s/1", epoch: 4);
        Accept(Assigned);

        Assert.Equal(["s/1"], AssignAll());
    }

    [Fact]
    public void A_withdrawn_job_gets_no_device()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        _pool.Withdraw(JobKey.Parse("s/1"));

        Assert.Null(Next());
    }

    [Fact]
    public void A_refused_device_serves_the_next_job_and_is_not_offered_to_the_same_again()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Refuse(Assign());

        Assert.Equal(["s/2"], AssignAll());
    }

    [Fact]
    public void A_device_whose_node_did_not_take_the_job_waits_for_the_node_to_speak()
    {
        Announce("n1", "cpu");
        Enqueue("s/1", epoch: 1);
        Move.Assign offer = Assign();
        Enqueue("s/1", epoch: 2); // the job was refused by the node, and asks for another device
        Refuse(offer);

        Assert.Null(Next());
        Announce("n1", "cpu");
        Assert.Equal(["s/1"], AssignAll());
    }

    [Fact]
    public void A_job_that_cannot_be_reached_is_tried_again_later_and_elsewhere()
    {
        Announce("n1", "cpu");
        Announce("n2", "cpu");
        Enqueue("s/1");
        _pool.Unanswered(Assign(), _now);
        Assert.Null(Next());

        _now += DevicePool.RetryDelay;
        Assert.Equal("n2", Assign().Lease.Node);
    }

    [Fact]
    public void A_device_of_which_nobody_knows_counts_for_the_sweep_until_its_node_has_spoken()
    {
        Announce("n1", "cpu", "cpu");
        Enqueue("s/1", max: 1);
        Enqueue("s/2", max: 1);
        _pool.Unanswered(Assign(), _now);
        _pool.Announce(Announcement("n1", ["cpu", "cpu"]) with { Leases = [Guid.Empty, Guid.Empty] }, _now);
        Assert.Null(Next()); // the node may have spoken before it heard

        _pool.Announce(Announcement("n1", ["cpu", "cpu"]) with { Leases = [Assigned.Lease.Id, Guid.Empty] }, _now);
        Assert.Equal(["s/2"], AssignAll());
    }

    [Fact]
    public void An_answer_to_an_offer_of_an_earlier_process_changes_nothing()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Move.Assign offer = Assign();
        _pool.Announce(Announcement("n1", ["cpu"]) with { Node = Node("n1", ["cpu"], Guid.NewGuid()) }, _now);
        Assert.Equal(["s/2"], AssignAll());

        Refuse(offer);
        Enqueue("s/3");
        Assert.Null(Next());
    }

    [Fact]
    public void An_announcement_from_before_the_device_was_given_away_frees_nothing()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Accept(Assign());

        _pool.Announce(Announcement("n1", ["cpu"]) with { Leases = [Guid.Empty] }, _now);
        Assert.Null(Next());

        _pool.Announce(Announcement("n1", ["cpu"]) with { Leases = [Assigned.Lease.Id] }, _now);
        Assert.Equal(["s/2"], AssignAll());
    }

    [Fact]
    public void A_node_that_keeps_contradicting_is_believed()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Accept(Assign());

        _now += DevicePool.StaleAnnouncement;
        _pool.Announce(Announcement("n1", ["cpu"]) with { Leases = [Guid.Empty] }, _now);
        Assert.Equal(["s/2"], AssignAll());
    }

    [Fact]
    public void A_silent_node_is_forgotten()
    {
        Announce("n1", "cpu");
        _now += DevicePool.NodeExpiry / 2;
        Announce("n2", "cpu");
        _now += DevicePool.NodeExpiry / 2 + TimeSpan.FromSeconds(1);
        _pool.Expire(_now);

        Assert.Equal(["n2"], _pool.Nodes(_now).Select(node => node.Name));
    }

    [Fact]
    public void A_node_whose_process_has_ended_is_forgotten_at_once()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        _pool.Lose(Node("n1", ["cpu"]).Silo);

        Assert.Null(Next());
        Assert.Equal(0, _pool.Devices);
    }

    [Fact]
    public void A_cordoned_node_gets_no_new_work_and_keeps_what_it_has()
    {
        Announce("n1", "cpu", "cpu");
        Enqueue("s/1");
        Accept(Assign());
        _pool.Mark("n1", NodeMark.Cordoned, _now);
        Enqueue("s/2");
        Assert.Null(Next());
        Assert.Equal((NodeState.Cordoned, "1"), (State("n1"), _pool.Nodes(_now)[0].Devices[0].Job?.Value));

        _pool.Mark("n1", null, _now);
        Assert.Equal(["s/2"], AssignAll());
    }

    [Fact]
    public void A_drained_node_is_left_by_its_jobs_and_then_says_so()
    {
        Announce("n1", "cpu", "cpu");
        Enqueue("s/1");
        Accept(Assign());
        _pool.Mark("n1", NodeMark.Draining, _now);

        var vacate = Assert.IsType<Move.Vacate>(Next());
        Assert.Equal((JobKey.Parse("s/1"), Assigned.Lease), (vacate.Job, vacate.Lease));
        Accept(vacate);
        Assert.Null(Next()); // it has been asked
        Assert.Equal(NodeState.Draining, State("n1"));

        _pool.Announce(Announcement("n1", ["cpu", "cpu"]) with { Leases = [Assigned.Lease.Id, Guid.Empty] }, _now);
        Assert.Equal(NodeState.Drained, State("n1"));
    }

    [Fact]
    public void A_job_that_does_not_leave_is_asked_again()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Accept(Assign());
        _pool.Mark("n1", NodeMark.Draining, _now);
        Accept(Next()!);
        _now += WidthPlan.Patience;

        Assert.IsType<Move.Vacate>(Next());
    }

    [Fact]
    public void After_a_restart_of_the_scheduler_a_drain_still_knows_the_lease()
    {
        Guid lease = Guid.NewGuid();
        _pool.Mark("n1", NodeMark.Draining, _now);
        Assert.Equal(NodeState.Drained, State("n1"));
        _pool.Announce(Announcement("n1", ["cpu"]) with { Busy = [JobKey.Parse("s/1")], Leases = [lease] }, _now);

        Assert.Equal(lease, Assert.IsType<Move.Vacate>(Next()).Lease.Id);
    }

    [Fact]
    public void A_node_that_fails_three_times_gets_no_work_until_its_time_is_over()
    {
        Announce("n1", "cpu");
        Announce("n2", "cpu");
        for (int failure = 0; failure < NodeHealth.Failures; failure++) Fail("n1");
        Enqueue("s/1");
        Enqueue("s/2");

        Assert.Equal("n2", Assign().Lease.Node);
        Assert.Null(Next());
        NodeStatus status = _pool.Nodes(_now)[0];
        Assert.Equal(NodeState.Excluded, status.State);
        Assert.Contains("out of memory", status.Reason, StringComparison.Ordinal);

        _now += NodeHealth.FirstExclusion;
        Assert.Equal("n1", Assign().Lease.Node);
    }

    [Fact]
    public void Failures_with_a_success_between_them_exclude_nobody()
    {
        Announce("n1", "cpu");
        Announce("n2", "cpu");
        Fail("n1");
        Fail("n1");
        Enqueue("s/1");
        Accept(Assign());
        _pool.Announce(Announcement("n1", ["cpu"]) with { Leases = [Assigned.Lease.Id] }, _now);
        Fail("n1");

        Assert.Equal(NodeState.Ready, State("n1"));
    }

    [Fact]
    public void A_failed_segment_that_frees_its_device_is_no_success()
    {
        Announce("n1", "cpu");
        Announce("n2", "cpu");
        Fail("n1");
        Fail("n1");
        Enqueue("s/1");
        Accept(Assign());
        _pool.ReportFailure(Assigned.Lease, FailureKind.Device, "out of memory", _now);
        _pool.Announce(Announcement("n1", ["cpu"]) with { Leases = [Assigned.Lease.Id] }, _now);

        Assert.Equal(NodeState.Excluded, State("n1"));
    }

    [Theory]
    [InlineData("n1", "n2")]
    [InlineData("n2", "n1")]
    public void A_job_that_failed_on_a_node_is_tried_elsewhere_where_it_can_be(string failedOn, string elsewhere)
    {
        Announce("n1", "cpu", "cpu");
        Announce("n2", "cpu", "cpu");
        foreach (string job in new[] { "s/1", "s/2", "s/3" }) _pool.Enqueue(new JobTicket(JobKey.Parse(job), null, null, FailedOn: failedOn), _now);

        string[] nodes = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            Accept(Assign());
            return Assigned.Lease.Node;
        })];

        Assert.Equal([elsewhere, elsewhere, failedOn], nodes); // rather there than nowhere
    }

    private Move.Assign Assigned { get; set; } = null!;

    private Move? Next() => _pool.Next(_now);

    private Move.Assign Assign() => Assigned = Assert.IsType<Move.Assign>(Next());

    private void Accept(Move move) => _pool.Answered(move, true, _now);

    private void Refuse(Move move) => _pool.Answered(move, false, _now);

    private void Fail(string node) =>
        _pool.ReportFailure(Samples.Lease with { Node = node }, FailureKind.Device, "out of memory", _now);

    private NodeState State(string node) => _pool.Nodes(_now).Single(status => status.Name == node).State;

    private void Enqueue(string job, int? max = null, string? kind = null, int priority = 0, long epoch = 0) =>
        _pool.Enqueue(new JobTicket(JobKey.Parse(job), max, kind, priority, Epoch: epoch), _now);

    private void Announce(string name, params string[] kinds) => _pool.Announce(Announcement(name, kinds), _now);

    private static NodeAnnouncement Announcement(string name, string[] kinds) => new() { Node = Node(name, kinds), Busy = new JobKey?[kinds.Length] };

    private static NodeDescription Node(string name, string[] kinds, Guid? incarnation = null) => new()
    {
        Name = name,
        Incarnation = incarnation ?? Samples.Lease.Incarnation,
        DeviceKinds = kinds,
        Build = "test",
        Silo = $"silo of {name}",
    };

    private List<string> AssignAll()
    {
        var taken = new List<string>();
        while (Next() is Move.Assign move)
        {
            taken.Add(move.Job.ToString());
            Accept(move);
        }

        return taken;
    }
}
