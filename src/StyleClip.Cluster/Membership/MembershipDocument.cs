namespace StyleClip.Cluster.Membership;

/// <summary>
/// Who belongs to a cluster, as one document. Its version and the rows' versions are counted inside it: the store's ETag changes with every
/// sign of life, and those must not make somebody else's membership change fail.
/// </summary>
internal sealed record MembershipDocument
{
    /// <summary>Number of membership changes so far. Signs of life are none.</summary>
    public int Version { get; init; }

    public IReadOnlyList<MembershipRow> Silos { get; init; } = [];

    public MembershipRow? Find(SiloAddress silo)
    {
        string address = silo.ToParsableString();
        return Silos.FirstOrDefault(row => row.Silo == address);
    }

    /// <summary>The document with <paramref name="changed"/> in place of the row of the same silo.</summary>
    public MembershipDocument With(MembershipRow changed) =>
        this with { Silos = [.. Silos.Select(row => row.Silo == changed.Silo ? changed : row)] };
}
