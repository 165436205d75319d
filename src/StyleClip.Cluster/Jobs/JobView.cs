using System.Collections.Immutable;

namespace StyleClip.Cluster.Jobs;

/// <summary>Who works for a job in one epoch.</summary>
/// <param name="Epoch">The epoch. Every change of the members begins another one.</param>
/// <param name="Members">The members; the first one is the leader.</param>
[GenerateSerializer, Immutable]
public sealed record JobView([property: Id(0)] long Epoch, [property: Id(1)] ImmutableArray<DeviceLease> Members)
{
    /// <summary>Index of a member, -1 where it is none.</summary>
    public int IndexOf(Guid lease)
    {
        for (int i = 0; i < Members.Length; i++)
            if (Members[i].Id == lease) return i;
        return -1;
    }
}
