using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Jobs;

/// <summary>Everything that one prompt's edit depends on, besides the device kind and the build. Nothing else may influence its bytes.</summary>
public sealed record JobSpec
{
    /// <summary>The text that the edited image should match.</summary>
    public required string Prompt { get; init; }

    /// <summary>The text that describes the unedited image.</summary>
    public string? Neutral { get; init; }

    /// <summary>Digest of the pack's manifest.</summary>
    public required Digest Pack { get; init; }

    /// <summary>Latents to train and validate on.</summary>
    public required BankSpec Bank { get; init; }

    /// <summary>Hyperparameters, overrides and budget applied.</summary>
    public required RecipeSpec Recipe { get; init; }

    /// <summary>Seed of the initial weights and of the order of the latents.</summary>
    public required long Seed { get; init; }

    /// <summary>What the edit must reach to be published.</summary>
    public required GateSpec Gate { get; init; }

    /// <summary>How the edit is made; absent: by a mapper, so that the ids of mappers' jobs stay what they were.</summary>
    public EditMethod? Method { get; init; }

    /// <summary>
    /// The direction table to measure, for a job that does this and nothing else; <see cref="Prompt"/> is then the table's name.
    /// </summary>
    public DirectionTableSpec? Table { get; init; }
}
