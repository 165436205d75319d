namespace StyleClip.Faults.Tests;

/// <summary>What a cell of the fault matrix measured.</summary>
internal sealed record CellResult
{
    public required int Width { get; init; }

    public required Disturbance Disturbance { get; init; }

    /// <summary>From the blow until the membership says that the node is dead.</summary>
    public TimeSpan? Detection { get; set; }

    /// <summary>From the blow until a step of the new epoch was reported.</summary>
    public TimeSpan? Continuation { get; set; }

    /// <summary>Steps that had been done at the blow and were done again.</summary>
    public int? StepsLost { get; set; }

    public TimeSpan Whole { get; set; }

    public string Sha256 { get; set; } = "";
}
