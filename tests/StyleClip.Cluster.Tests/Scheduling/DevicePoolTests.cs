using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;

namespace StyleClip.Cluster.Tests.Scheduling;

public sealed class DevicePoolTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private readonly DevicePool _pool = new();

    [Fact]
    public void Jobs_of_one_sweep_are_served_in_the_order_they_came()
    {
        Announce("n1", "cpu", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Enqueue("s/3");

        Assert.Equal(["s/1", "s/2"], TakeAll());
        Assert.Equal(1, _pool.QueuedJobs);
    }

    [Fact]
    public void A_sweep_that_uses_fewer_devices_goes_first()
    {
        Announce("n1", "cpu", "cpu", "cpu", "cpu");
        foreach (string job in new[] { "a/1", "a/2", "a/3", "b/1", "b/2" }) Enqueue(job);

        Assert.Equal(["a/1", "b/1", "a/2", "b/2"], TakeAll());
    }

    [Fact]
    public void A_sweep_gets_no_more_devices_than_it_may_use()
    {
        Announce("n1", "cpu", "cpu", "cpu");
        Enqueue("s/1", max: 1);
        Enqueue("s/2", max: 1);

        Assert.Equal(["s/1"], TakeAll());
    }

    [Fact]
    public void A_checkpoint_goes_on_only_on_a_device_of_its_kind()
    {
        Announce("n1", "gpu", "cpu");
        Enqueue("s/1", kind: "cpu");

        (JobTicket _, DeviceLease lease) = _pool.TakeNext()!.Value;
        Assert.Equal(("n1", 1), (lease.Node, lease.Device));

        Enqueue("s/2", kind: "tpu");
        Assert.Null(_pool.TakeNext());
    }

    [Fact]
    public void Asking_twice_keeps_the_place_and_counts_once()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        Enqueue("s/1");

        Assert.Equal(["s/1"], TakeAll());
        Assert.Equal(1, _pool.QueuedJobs);
    }

    [Fact]
    public void A_withdrawn_job_gets_no_device()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        _pool.Withdraw(JobKey.Parse("s/1"));

        Assert.Null(_pool.TakeNext());
    }

    [Fact]
    public void A_device_given_back_serves_the_next_job()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        (JobTicket _, DeviceLease lease) = _pool.TakeNext()!.Value;
        _pool.Return(lease);

        Assert.Equal(["s/2"], TakeAll());
    }

    [Fact]
    public void A_lease_of_an_earlier_process_frees_nothing()
    {
        Announce("n1", "cpu");
        Enqueue("s/1");
        Enqueue("s/2");
        (JobTicket _, DeviceLease lease) = _pool.TakeNext()!.Value;
        _pool.Return(lease with { Incarnation = Guid.NewGuid() });

        Assert.Null(_pool.TakeNext());
    }

    [Fact]
    public void A_silent_node_is_forgotten()
    {
        Announce("n1", "cpu");
        _pool.Announce(Node("n2", "cpu"), Now.AddMinutes(1), expired: Now.AddSeconds(30));
        Assert.Equal(1, _pool.Devices);
    }

    private void Enqueue(string job, int? max = null, string? kind = null) => _pool.Enqueue(new JobTicket(JobKey.Parse(job), max, kind));

    private void Announce(string name, params string[] kinds) => _pool.Announce(Node(name, kinds), Now, Now.AddSeconds(-30));

    private static NodeAnnouncement Node(string name, params string[] kinds) => new()
    {
        Node = new NodeDescription { Name = name, Incarnation = Samples.Lease.Incarnation, DeviceKinds = kinds, Build = "test", Silo = Samples.Lease.Silo },
        Busy = new JobKey?[kinds.Length],
    };

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_pool.TakeNext() is { } match) taken.Add(match.Ticket.Job.ToString());
        return taken;
    }
}
