namespace StyleClip.Cluster.Scheduling;

/// <summary>A user's wish about a node.</summary>
public enum NodeMark
{
    /// <summary>No new work.</summary>
    Cordoned,

    /// <summary>No new work, and what runs goes elsewhere.</summary>
    Draining,
}
