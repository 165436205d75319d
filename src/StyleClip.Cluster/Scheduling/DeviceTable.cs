using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Scheduling;

/// <summary>All devices, found by what they do: free ones by class, busy ones by job, counts by sweep.</summary>
internal sealed class DeviceTable
{
    private readonly Dictionary<string, KnownNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceClass, SortedSet<Device>> _free = [];
    private readonly Dictionary<JobKey, List<Device>> _byJob = [];
    private readonly HashSet<JobKey> _wide = [];
    private readonly Dictionary<string, int> _usedBySweep = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>Generation of the scheduler whose table this is.</summary>
    public long Generation { get; set; }

    /// <summary>Devices that work for a job or were offered to one.</summary>
    public int Busy { get; private set; }

    public IReadOnlyCollection<KnownNode> Nodes => _nodes.Values;

    public IEnumerable<DeviceClass> FreeClasses => _free.Keys;

    /// <summary>Jobs of more than one device.</summary>
    public IReadOnlySet<JobKey> WideJobs => _wide;

    public KnownNode? Find(string node) => _nodes.GetValueOrDefault(node);

    /// <summary>The device of a lease; null where its node's process is another one by now.</summary>
    public Device? Find(DeviceLease lease) =>
        Find(lease.Node) is { } node && node.Description.Incarnation == lease.Incarnation && lease.Device < node.Devices.Count
            ? node.Devices[lease.Device]
            : null;

    /// <summary>Devices that work for a job or were offered to it, in the order in which that became known.</summary>
    public IReadOnlyList<Device> Of(JobKey job) => _byJob.TryGetValue(job, out List<Device>? devices) ? devices : [];

    public int UsedBy(string sweep) => _usedBySweep.GetValueOrDefault(sweep);

    public bool HasFree(DeviceClass deviceClass) => _free.ContainsKey(deviceClass);

    public bool HasFree(string? kind) => kind is null ? _free.Count > 0 : _free.Keys.Any(free => free.Kind == kind);

    /// <summary>A free device of this kind: of the class that has most of them, so that those who may not choose find one, too.</summary>
    /// <param name="kind">The kind; null: any.</param>
    /// <param name="avoided">A node whose devices are taken only where no other is free; null: none.</param>
    public Device? FirstFree(string? kind, string? avoided)
    {
        IOrderedEnumerable<SortedSet<Device>> fitting = _free.Where(free => kind is null || free.Key.Kind == kind).Select(free => free.Value).OrderByDescending(devices => devices.Count);
        return fitting.SelectMany(devices => devices).FirstOrDefault(device => device.Node.Description.Name != avoided) ?? fitting.FirstOrDefault()?.Min;
    }

    public Device? FirstFree(DeviceClass deviceClass) => _free.TryGetValue(deviceClass, out SortedSet<Device>? devices) ? devices.Min : null;

    public void Add(KnownNode node)
    {
        Remove(node.Description.Name);
        _nodes[node.Description.Name] = node;
        Count += node.Devices.Count;
    }

    public void Remove(string name)
    {
        if (!_nodes.Remove(name, out KnownNode? node)) return;
        foreach (Device device in node.Devices) Set(device, DeviceUse.Unsure, null);
        Count -= node.Devices.Count;
    }

    /// <summary>Offers a free device to a job.</summary>
    public DeviceLease Offer(Device device, JobKey job)
    {
        DeviceLease grant = device.NewGrant(Guid.NewGuid(), Generation);
        (device.Grant, device.HasFailed, device.VacateAskedAt) = (grant, false, null);
        Set(device, DeviceUse.Offered, job);
        return grant;
    }

    public void Set(Device device, DeviceUse use, JobKey? job)
    {
        if (device.Use == use && device.Job == job) return;
        Unlist(device);
        (device.Use, device.Job) = (use, job);
        List(device);
    }

    public void SetTakesWork(KnownNode node, bool takesWork)
    {
        if (node.TakesWork == takesWork) return;
        foreach (Device device in node.Devices) Unlist(device);
        node.TakesWork = takesWork;
        foreach (Device device in node.Devices) List(device);
    }

    private void List(Device device)
    {
        if (device.Job is { } job)
        {
            Busy++;
            if (!_byJob.TryGetValue(job, out List<Device>? devices)) _byJob[job] = devices = [];
            devices.Add(device);
            if (devices.Count == 2) _wide.Add(job);
            _usedBySweep[job.Sweep] = UsedBy(job.Sweep) + 1;
        }
        else if (device is { Use: DeviceUse.Free, Node.TakesWork: true })
        {
            if (!_free.TryGetValue(device.Class, out SortedSet<Device>? free)) _free[device.Class] = free = new SortedSet<Device>(ByPlace.Instance);
            free.Add(device);
        }
    }

    private void Unlist(Device device)
    {
        if (device.Job is { } job)
        {
            Busy--;
            List<Device> devices = _byJob[job];
            devices.Remove(device);
            if (devices.Count == 1) _wide.Remove(job);
            if (devices.Count == 0) _byJob.Remove(job);
            if (UsedBy(job.Sweep) == 1) _usedBySweep.Remove(job.Sweep);
            else _usedBySweep[job.Sweep]--;
        }
        else if (_free.TryGetValue(device.Class, out SortedSet<Device>? free) && free.Remove(device) && free.Count == 0)
        {
            _free.Remove(device.Class);
        }
    }

    private sealed class ByPlace : IComparer<Device>
    {
        public static readonly ByPlace Instance = new();

        public int Compare(Device? x, Device? y)
        {
            int byNode = string.CompareOrdinal(x!.Node.Description.Name, y!.Node.Description.Name);
            return byNode != 0 ? byNode : x.Index.CompareTo(y.Index);
        }
    }
}
