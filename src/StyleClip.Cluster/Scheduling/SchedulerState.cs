using System.Collections.Immutable;

namespace StyleClip.Cluster.Scheduling;

/// <summary>What the scheduler must remember over a restart: users' wishes, and how often it was made. All else it is told again.</summary>
public sealed record SchedulerState
{
    /// <summary>Rises with every scheduler that is made: tells its grants from those of the ones before.</summary>
    public long Generation { get; init; }

    /// <summary>Nodes that get no new work, by name.</summary>
    public ImmutableSortedDictionary<string, NodeMark> Marks { get; init; } = ImmutableSortedDictionary.Create<string, NodeMark>(StringComparer.Ordinal);
}
