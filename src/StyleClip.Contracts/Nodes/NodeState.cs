namespace StyleClip.Contracts.Nodes;

/// <summary>What the scheduler does with a node.</summary>
public enum NodeState
{
    /// <summary>Gets work.</summary>
    Ready,

    /// <summary>Gets no new work, by a user's wish; what runs goes on.</summary>
    Cordoned,

    /// <summary>Gets no new work, by a user's wish; what runs writes checkpoints and moves elsewhere.</summary>
    Draining,

    /// <summary>Was drained and is empty: it may be switched off.</summary>
    Drained,

    /// <summary>Failed repeatedly and gets no work for a while.</summary>
    Excluded,
}
