using System.Collections.Immutable;

namespace StyleClip.Cluster.Scheduling;

/// <summary>What the scheduler must remember over a restart: users' wishes. All else it is told again.</summary>
public sealed record SchedulerState
{
    /// <summary>Nodes that get no new work, by name.</summary>
    public ImmutableSortedDictionary<string, NodeMark> Marks { get; init; } = ImmutableSortedDictionary.Create<string, NodeMark>(StringComparer.Ordinal);
}
