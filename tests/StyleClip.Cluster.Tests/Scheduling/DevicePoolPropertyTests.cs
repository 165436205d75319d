using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Contracts.Nodes;

namespace StyleClip.Cluster.Tests.Scheduling;

/// <summary>Rules that hold after any sequence of events, with announcements that arrive late.</summary>
public sealed class DevicePoolPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Whatever_happens_devices_are_not_shared_limits_hold_and_nobody_waits_beside_a_free_device(int seed)
    {
        var world = new World(new Random(seed));
        for (int i = 0; i < 3_000; i++) world.Step();
        Assert.InRange(world.Assigned, 500, int.MaxValue);
        Assert.InRange(world.Widened, 50, int.MaxValue);
        Assert.InRange(world.Narrowed, 10, int.MaxValue);
        world.RunDry();
    }

    /// <summary>Nodes and jobs that behave; what they say reaches the pool late but in order.</summary>
    private sealed class World(Random random)
    {
        private static readonly string[] Kinds = ["a", "b"];
        private readonly DevicePool _pool = new();
        private readonly SortedDictionary<string, SimulatedNode> _nodes = new(StringComparer.Ordinal);
        private readonly Dictionary<JobKey, SimulatedJob> _jobs = [];
        private readonly List<NodeAnnouncement> _onTheWay = [];
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(1);
        private int _names;

        public int Assigned { get; private set; }

        public int Widened { get; private set; }

        public int Narrowed { get; private set; }

        public void Step()
        {
            _now += TimeSpan.FromMilliseconds(random.Next(200));
            switch (random.Next(16))
            {
                case < 4:
                    if (_jobs.Count < 40) Submit();
                    break;
                case < 8:
                    if (AnyRunning() is { } ending) End(ending);
                    break;
                case 8:
                    if (_nodes.Count < 6) Join();
                    break;
                case 9:
                    if (_nodes.Count > 3 && random.Next(4) == 0) Die();
                    break;
                case 10:
                    if (AnyRunning() is { } failing) Fail(failing);
                    break;
                case 11:
                    Cordon();
                    break;
                default:
                    foreach (NodeAnnouncement announcement in _onTheWay.Take(random.Next(4)).ToArray()) Deliver(announcement);
                    break;
            }

            CarryOutMoves();
        }

        /// <summary>Ends job after job: everything that was ever submitted gets its turn.</summary>
        public void RunDry()
        {
            foreach (string node in _nodes.Keys) _pool.Mark(node, null, _now);
            for (int turn = 0; _jobs.Count > 0; turn++)
            {
                Assert.True(turn < 1_000, $"{_jobs.Count} jobs never got a device.");
                _now += TimeSpan.FromSeconds(1);
                foreach (SimulatedNode node in _nodes.Values) _onTheWay.Add(node.Announce());
                foreach (NodeAnnouncement announcement in _onTheWay.ToArray()) Deliver(announcement);
                CarryOutMoves();
                foreach (SimulatedJob job in _jobs.Values.Where(job => job.Devices.Count > 0).ToArray()) End(job);
            }
        }

        private void Submit()
        {
            int sweep = random.Next(4);
            var key = new JobKey($"sweep-{sweep}", $"job-{_names++}");
            var job = new SimulatedJob(new JobTicket(key, sweep == 0 ? 2 : null, random.Next(6) == 0 ? Kinds[0] : null, sweep / 2, MaxWidth: 1 + random.Next(4)));
            _jobs[key] = job;
            _pool.Enqueue(job.Ticket, _now);
        }

        private void Join()
        {
            var node = new SimulatedNode($"node-{_names++}", [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Kinds[random.Next(2)])]);
            _nodes[node.Description.Name] = node;
            _onTheWay.Add(node.Announce());
        }

        private void Die()
        {
            SimulatedNode node = _nodes.Values.ElementAt(random.Next(_nodes.Count));
            _nodes.Remove(node.Description.Name);
            _onTheWay.RemoveAll(announcement => announcement.Node.Name == node.Description.Name);
            _pool.Lose(node.Description.Silo);
            foreach (SimulatedJob job in _jobs.Values.Where(job => job.Devices.Any(lease => lease.Node == node.Description.Name)).ToArray())
            {
                job.Devices.RemoveAll(lease => lease.Node == node.Description.Name);
                if (job.Devices.Count == 0) Requeue(job);
            }
        }

        private void End(SimulatedJob job)
        {
            Free(job, job.Devices.Count);
            _jobs.Remove(job.Ticket.Job);
            _pool.Withdraw(job.Ticket.Job);
        }

        private void Fail(SimulatedJob job)
        {
            Free(job, job.Devices.Count);
            Requeue(job);
        }

        private void Requeue(SimulatedJob job)
        {
            job.Ticket = job.Ticket with { Epoch = job.Ticket.Epoch + 1 };
            _pool.Enqueue(job.Ticket, _now);
        }

        private void Free(SimulatedJob job, int count)
        {
            for (int i = 0; i < count; i++)
            {
                DeviceLease lease = job.Devices[^1];
                job.Devices.RemoveAt(job.Devices.Count - 1);
                SimulatedNode node = _nodes[lease.Node];
                node.Busy[lease.Device] = null;
                _onTheWay.Add(node.Announce());
            }
        }

        private void Cordon()
        {
            string node = _nodes.Count == 0 ? "none" : _nodes.Keys.ElementAt(random.Next(_nodes.Count));
            _pool.Mark(node, random.Next(3) == 0 ? NodeMark.Cordoned : null, _now);
        }

        private void Deliver(NodeAnnouncement announcement)
        {
            _onTheWay.Remove(announcement);
            _pool.Announce(announcement, _now);
        }

        private void CarryOutMoves()
        {
            for (int moves = 0; ; moves++)
            {
                Assert.True(moves < 1_000, "The scheduler asks and asks.");
                Picture picture = Look();
                Move? move = _pool.Next(_now);
                switch (move)
                {
                    case null:
                        Assert.DoesNotContain(Waiting(), job => picture.CouldUse(job.Ticket));
                        return;
                    case Move.Assign assign:
                        RequireBest(picture, assign.Ticket);
                        CarryOut(assign);
                        break;
                    case Move.Widen widen:
                        Assert.DoesNotContain(Waiting(), job => picture.CouldUse(job.Ticket));
                        Take(_jobs[widen.Job], widen.Lease);
                        _pool.Answered(widen, true, _now);
                        Widened++;
                        break;
                    case Move.Narrow narrow:
                        // What a job gave back may still be on its way: then there is nothing left to give.
                        bool isWide = _jobs.TryGetValue(narrow.Job, out SimulatedJob? job) && job.Devices.Count > 1;
                        if (isWide) Free(job!, 1);
                        _pool.Answered(narrow, isWide, _now);
                        if (isWide) Narrowed++;
                        break;
                    default:
                        Assert.Fail($"{move} was not expected.");
                        break;
                }
            }
        }

        private void CarryOut(Move.Assign assign)
        {
            Assigned++;
            bool wants = random.Next(20) != 0;
            SimulatedJob job = _jobs[assign.Job];
            if (wants)
            {
                Take(job, assign.Lease);
                job.Ticket = job.Ticket with { Epoch = job.Ticket.Epoch + 1 };
            }
            else
            {
                _jobs.Remove(assign.Job); // cancelled meanwhile
            }

            _pool.Answered(assign, wants, _now);
            if (wants) _pool.Hold(job.Ticket);
        }

        private void Take(SimulatedJob job, DeviceLease lease)
        {
            SimulatedNode node = _nodes[lease.Node];
            Assert.Null(node.Busy[lease.Device]);
            if (job.Devices.Count > 0) Assert.Equal(job.Kind(_nodes), node.Description.DeviceKinds[lease.Device]);
            node.Busy[lease.Device] = job.Ticket.Job;
            node.Leases[lease.Device] = lease.Id;
            job.Devices.Add(lease);
            Assert.InRange(job.Devices.Count, 1, job.Ticket.MaxWidth);
            if (job.Ticket.SweepMaxDevices is { } max)
                Assert.InRange(_jobs.Values.Where(other => other.Ticket.Job.Sweep == job.Ticket.Job.Sweep).Sum(other => other.Devices.Count), 0, max);
        }

        private void RequireBest(Picture picture, JobTicket chosen)
        {
            Assert.True(picture.CouldUse(chosen), $"{chosen} cannot use a device.");
            foreach (JobTicket other in Waiting().Select(job => job.Ticket).Where(picture.CouldUse))
            {
                Assert.True(chosen.Priority >= other.Priority, $"{chosen.Job} went before {other.Job}, which has a higher priority.");
                if (chosen.Priority == other.Priority)
                    Assert.True(picture.Used(chosen) <= picture.Used(other), $"{chosen.Job} went before {other.Job}, whose sweep uses fewer devices.");
            }
        }

        private IEnumerable<SimulatedJob> Waiting() => _jobs.Values.Where(job => job.Devices.Count == 0);

        private SimulatedJob? AnyRunning()
        {
            SimulatedJob[] running = [.. _jobs.Values.Where(job => job.Devices.Count > 0)];
            return running.Length == 0 ? null : running[random.Next(running.Length)];
        }

        private Picture Look() => new(_pool.Nodes(_now));
    }

    /// <summary>What the pool believes, seen from outside.</summary>
    private sealed class Picture(IReadOnlyList<NodeStatus> nodes)
    {
        private readonly HashSet<string> _free =
            [.. nodes.Where(node => node.State == NodeState.Ready).SelectMany(node => node.Devices).Where(device => device.Job is null).Select(device => device.Kind)];

        private readonly Dictionary<string, int> _used = nodes.SelectMany(node => node.Devices).Where(device => device.Sweep is not null)
            .GroupBy(device => device.Sweep!.Value.Value).ToDictionary(sweep => sweep.Key, sweep => sweep.Count());

        public int Used(JobTicket ticket) => _used.GetValueOrDefault(ticket.Job.Sweep);

        public bool CouldUse(JobTicket ticket) =>
            (ticket.DeviceKind is null ? _free.Count > 0 : _free.Contains(ticket.DeviceKind)) && !(Used(ticket) >= ticket.SweepMaxDevices);
    }

    private sealed class SimulatedJob(JobTicket ticket)
    {
        public JobTicket Ticket { get; set; } = ticket;

        public List<DeviceLease> Devices { get; } = [];

        public string Kind(IReadOnlyDictionary<string, SimulatedNode> nodes) => nodes[Devices[0].Node].Description.DeviceKinds[Devices[0].Device];
    }

    private sealed class SimulatedNode(string name, string[] kinds)
    {
        public NodeDescription Description { get; } = new()
        {
            Name = name,
            Incarnation = Guid.NewGuid(),
            DeviceKinds = kinds,
            Build = "test",
            Silo = $"silo of {name}",
        };

        public JobKey?[] Busy { get; } = new JobKey?[kinds.Length];

        public Guid[] Leases { get; } = new Guid[kinds.Length];

        public NodeAnnouncement Announce() => new() { Node = Description, Busy = [.. Busy], Leases = [.. Leases] };
    }
}
