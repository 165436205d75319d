using StyleClip.Contracts.Directions;

namespace StyleClip.Contracts.Recipes;

/// <summary>How a prompt's global direction is found and applied (StyleCLIP, section 6).</summary>
public sealed record DirectionRecipe
{
    /// <summary>How far latents go along the direction, -1,000 to 1,000.</summary>
    public double Alpha { get; init; } = 2;

    /// <summary>Least relevance of a channel that takes part, 0 to 1. Absent: chosen by <see cref="AutoBetaChannels"/>.</summary>
    public double? Beta { get; init; }

    /// <summary>Without a <see cref="Beta"/>: the largest of 0.29 to 0.10 that more than so many channels reach.</summary>
    public int AutoBetaChannels { get; init; } = 20;

    /// <summary>The direction table: one that was measured so is used, or measured first.</summary>
    public DirectionTableSpec Table { get; init; } = new();
}
