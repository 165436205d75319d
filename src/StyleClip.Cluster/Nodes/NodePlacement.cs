using System.Collections.Immutable;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace StyleClip.Cluster.Nodes;

/// <summary>Places a grain on the node that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NodePlacementAttribute() : PlacementFilterAttribute(new NodePlacementStrategy());

/// <summary>Marks grains for <see cref="NodePlacementDirector"/>.</summary>
internal sealed class NodePlacementStrategy() : PlacementFilterStrategy(order: 0);

/// <summary>Keeps only silos whose metadata carry the node's name.</summary>
internal sealed class NodePlacementDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <summary>Metadata entry that carries a node's name.</summary>
    public const string NodeEntry = "node";

    /// <summary>Metadata entry of a process that carries several nodes: their names, with commas between them.</summary>
    public const string NodesEntry = "nodes";

    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        string node = target.GrainIdentity.Key.ToString()!;
        return silos.Where(silo => Carries(metadata.GetSiloMetadata(silo).Metadata, node));
    }

    private static bool Carries(ImmutableDictionary<string, string> entries, string node) =>
        (entries.TryGetValue(NodeEntry, out string? name) && name == node)
        || (entries.TryGetValue(NodesEntry, out string? names) && names.Split(',').Contains(node));
}
