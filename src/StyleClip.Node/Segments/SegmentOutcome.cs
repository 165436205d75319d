using StyleClip.Contracts.Domain;
using StyleClip.Training.Mapping;

namespace StyleClip.Node.Segments;

/// <summary>How a segment's work ended.</summary>
/// <param name="Training">The end, and what was made.</param>
internal sealed record SegmentOutcome(TrainingOutcome Training)
{
    /// <summary>Rows of a direction table that was made.</summary>
    public int? TableRows { get; init; }

    /// <summary>Width of its rows.</summary>
    public int? TableFeatures { get; init; }

    /// <summary>Whether the prompt is one that the generator can draw.</summary>
    public DomainReport? Domain { get; init; }

    /// <summary>Seconds of all devices together, where they are known; else those of the segment count.</summary>
    public double? DeviceSeconds { get; init; }
}
