namespace StyleClip.Faults.Tests;

/// <summary>What happens to a job while it trains.</summary>
public enum Disturbance
{
    None,

    /// <summary>SIGKILL of a node that trains and does not coordinate, where there is one.</summary>
    MemberKilled,

    /// <summary>SIGKILL of the node whose process holds the job's grain.</summary>
    CoordinatorKilled,

    /// <summary>SIGSTOP of a node that trains for longer than the cluster waits; later SIGCONT.</summary>
    MemberFrozen,

    /// <summary>SIGTERM of a node that trains.</summary>
    MemberDrained,

    /// <summary>One node more, and leave to use it.</summary>
    NodeAdded,

    /// <summary>The store is gone for 20 seconds.</summary>
    StoreGone,

    /// <summary>SIGKILL of every node, then as many new ones.</summary>
    AllKilled,

    /// <summary>A second cluster over the same store takes the job for lost.</summary>
    MembershipSplit,
}
