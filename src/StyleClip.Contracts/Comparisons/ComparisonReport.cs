using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Comparisons;

/// <summary>All numbers of a comparison: the document <c>report.json</c>. Only its seconds differ from run to run.</summary>
public sealed record ComparisonReport
{
    /// <summary>What was asked for.</summary>
    public required ComparisonSpec Spec { get; init; }

    /// <summary>The pack: its name, manifest digest and licence.</summary>
    public required CardPack Pack { get; init; }

    /// <summary>What the pack shows, as its manifest says.</summary>
    public string? PackDescription { get; init; }

    /// <summary>Side of the pack's images, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>How images were given to CLIP for the measurements: the pack's own way, whatever the recipe trained with.</summary>
    public required ClipInput ClipInput { get; init; }

    /// <summary>Device kind that measured.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>Build that trained and measured.</summary>
    public required string Build { get; init; }

    /// <summary>One per method: the columns.</summary>
    public required IReadOnlyList<ComparisonSummary> Methods { get; init; }

    /// <summary>One per prompt.</summary>
    public required IReadOnlyList<ComparisonResult> Prompts { get; init; }

    /// <summary>What a reader of the numbers should know, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
