using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Jobs;

/// <summary>A complete checkpoint: written after all of its parts are in the store.</summary>
public sealed record CheckpointManifest
{
    /// <summary>The job.</summary>
    public required JobId Job { get; init; }

    /// <summary>Fencing number of the owner that wrote it.</summary>
    public required long Epoch { get; init; }

    /// <summary>Updates done.</summary>
    public required int Step { get; init; }

    /// <summary>Whole training state: mapper, best mapper, optimiser with look-ahead, early-stopping state.</summary>
    public required ArtifactRef State { get; init; }

    /// <summary>Before/after picture of the fixed faces at this step; absent where there is nothing to see yet.</summary>
    public ArtifactRef? Strip { get; init; }

    /// <summary>The newest validation, if there was one.</summary>
    public ValidationReport? Validation { get; init; }

    /// <summary>The validation of the best mapper so far, if there was one.</summary>
    public ValidationReport? Best { get; init; }

    /// <summary>Device kind that computed it; another kind may not continue it.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>Build that computed it.</summary>
    public required string Build { get; init; }
}
