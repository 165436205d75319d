using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Domain;

/// <summary>What the generator reaches for the reference prompts of a pack's calibration, all of which it draws.</summary>
public sealed record DomainReference
{
    /// <summary>How many there are.</summary>
    public required int Prompts { get; init; }

    /// <summary>Similarity below which a prompt is outside: as far below the lowest as that is below the median.</summary>
    public required double OutsideBelow { get; init; }

    /// <summary>The lowest similarity of a reference prompt; below it a prompt is doubtful.</summary>
    public required double Lowest { get; init; }

    /// <summary>Their median.</summary>
    public required double Median { get; init; }

    /// <summary>The highest.</summary>
    public required double Highest { get; init; }

    /// <summary>The calibration.</summary>
    public required Digest Calibration { get; init; }
}
