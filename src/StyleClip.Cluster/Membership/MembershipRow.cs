namespace StyleClip.Cluster.Membership;

/// <summary>One silo in a <see cref="MembershipDocument"/>.</summary>
internal sealed record MembershipRow
{
    /// <summary>Address with port and generation: a restarted process is another silo.</summary>
    public required string Silo { get; init; }

    /// <summary>The document's version at which this row was last changed.</summary>
    public required int ChangedAt { get; init; }

    public required SiloStatus Status { get; init; }

    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    public string Host { get; init; } = "";

    public string? Role { get; init; }

    /// <summary>Port for clients; 0: takes none.</summary>
    public required int GatewayPort { get; init; }

    public required DateTime StartedAt { get; init; }

    public required DateTime AliveAt { get; init; }

    public IReadOnlyList<Suspicion> Suspicions { get; init; } = [];

    public static MembershipRow Of(MembershipEntry entry, int version) => new()
    {
        Silo = entry.SiloAddress.ToParsableString(),
        ChangedAt = version,
        Status = entry.Status,
        Name = entry.SiloName,
        Host = entry.HostName ?? "",
        Role = entry.RoleName,
        GatewayPort = entry.ProxyPort,
        StartedAt = entry.StartTime,
        AliveAt = entry.IAmAliveTime,
        Suspicions = [.. (entry.SuspectTimes ?? []).Select(suspicion => new Suspicion(suspicion.Item1.ToParsableString(), suspicion.Item2))],
    };

    public MembershipEntry ToEntry() => new()
    {
        SiloAddress = SiloAddress.FromParsableString(Silo),
        Status = Status,
        SiloName = Name,
        HostName = Host,
        RoleName = Role,
        ProxyPort = GatewayPort,
        StartTime = StartedAt,
        IAmAliveTime = AliveAt,
        SuspectTimes = [.. Suspicions.Select(suspicion => Tuple.Create(SiloAddress.FromParsableString(suspicion.By), suspicion.At))],
    };
}

/// <summary>A silo's vote that another one is dead.</summary>
internal sealed record Suspicion(string By, DateTime At);
