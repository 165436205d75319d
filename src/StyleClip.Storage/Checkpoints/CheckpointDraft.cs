using StyleClip.Contracts.Jobs;

namespace StyleClip.Storage.Checkpoints;

/// <summary>A checkpoint that is not in the store yet: the manifest's facts and the parts themselves.</summary>
public sealed record CheckpointDraft
{
    /// <summary>The job.</summary>
    public required JobId Job { get; init; }

    /// <summary>Fencing number of the owner.</summary>
    public required long Epoch { get; init; }

    /// <summary>Updates done.</summary>
    public required int Step { get; init; }

    /// <summary>Whole training state, safetensors.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Before/after picture, PNG; absent where there is nothing to see yet.</summary>
    public ReadOnlyMemory<byte>? Strip { get; init; }

    /// <summary>The newest validation, if there was one.</summary>
    public ValidationReport? Validation { get; init; }

    /// <summary>The validation of the best mapper so far, if there was one.</summary>
    public ValidationReport? Best { get; init; }

    /// <summary>Device kind that computed it.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>Build that computed it.</summary>
    public required string Build { get; init; }
}
