using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Domain;

/// <summary>
/// How near a pack's generator comes to prompts that it can draw: what other prompts are compared with. It lies beside the pack and is no
/// part of it.
/// </summary>
public sealed record PackCalibration
{
    /// <summary>Name of the file beside a pack's manifest.</summary>
    public const string FileName = "calibration.json";

    /// <summary>Fewest reference prompts.</summary>
    public const int LeastPrompts = 10;

    /// <summary>Digest of the pack's manifest.</summary>
    public required Digest Pack { get; init; }

    /// <summary>How it was measured. Only what was measured in the same way can be compared with it.</summary>
    public required DomainRecipe Probe { get; init; }

    /// <summary>The reference prompts, all of which the generator can draw, at least <see cref="LeastPrompts"/>.</summary>
    public required IReadOnlyList<CalibrationPrompt> Prompts { get; init; }

    /// <summary>Device kind that measured it.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>Build that measured it.</summary>
    public required string Build { get; init; }
}
