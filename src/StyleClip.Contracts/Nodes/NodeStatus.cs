namespace StyleClip.Contracts.Nodes;

/// <summary>What outsiders see of a node.</summary>
public sealed record NodeStatus
{
    /// <summary>Name of the node.</summary>
    public required string Name { get; init; }

    /// <summary>What the scheduler does with it.</summary>
    public required NodeState State { get; init; }

    /// <summary>Version of its program; absent where the node has not been heard of.</summary>
    public string? Build { get; init; }

    /// <summary>Its devices; none where the node has not been heard of.</summary>
    public required IReadOnlyList<NodeDeviceStatus> Devices { get; init; }

    /// <summary>When it last spoke; absent where the node has not been heard of.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Why it is in this state, where that needs saying.</summary>
    public string? Reason { get; init; }
}
