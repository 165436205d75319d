namespace StyleClip.Contracts.Comparisons;

/// <summary>A prompt and what every method made of it.</summary>
public sealed record ComparisonResult
{
    /// <summary>The text that the edited images should match.</summary>
    public required string Prompt { get; init; }

    /// <summary>The text that describes the unedited images.</summary>
    public required string Neutral { get; init; }

    /// <summary>How much of the image the prompt concerns.</summary>
    public required PromptKind Kind { get; init; }

    /// <summary>One cell per method, in the order of the report's methods.</summary>
    public required IReadOnlyList<ComparisonCell> Cells { get; init; }
}
