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
        return silos.Where(silo => NamesOf(metadata.GetSiloMetadata(silo)).Contains(node));
    }

    /// <summary>Names of the nodes that a silo with these metadata carries.</summary>
    public static string[] NamesOf(SiloMetadata metadata) =>
        metadata.Metadata.TryGetValue(NodesEntry, out string? names) ? names.Split(',')
        : metadata.Metadata.TryGetValue(NodeEntry, out string? name) ? [name]
        : [];
}
