using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Library;

/// <summary>
/// What a mapper says of itself. It holds nothing that depends on when or where it was trained beyond device kind and build.
/// </summary>
public sealed record MapperCard
{
    /// <summary>The prompt as a name.</summary>
    public required string Slug { get; init; }

    /// <summary>The text that the edited image should match.</summary>
    public required string Prompt { get; init; }

    /// <summary>The text that describes the unedited image.</summary>
    public string? Neutral { get; init; }

    /// <summary>The job that trained it.</summary>
    public required JobId Job { get; init; }

    /// <summary>
    /// The result. A mapper: safetensors with upstream keys and nothing else. A direction: <c>offsets.i</c> [C] of each style layer at
    /// strength 1. Optimised latents: <c>latents</c> [N, L, D], or <c>style.i</c> [N, C] in style space.
    /// </summary>
    public required ArtifactRef Mapper { get; init; }

    /// <summary>Before/after picture of the fixed faces.</summary>
    public required ArtifactRef Strip { get; init; }

    /// <summary>The pack: its name, manifest digest and licence.</summary>
    public required CardPack Pack { get; init; }

    /// <summary>Hyperparameters, overrides and budget applied.</summary>
    public required RecipeSpec Recipe { get; init; }

    /// <summary>Latents trained and validated on.</summary>
    public required BankSpec Bank { get; init; }

    /// <summary>Seed of the initial weights and of the order of the latents.</summary>
    public required long Seed { get; init; }

    /// <summary>Updates done when training ended.</summary>
    public required int Steps { get; init; }

    /// <summary>Measured on the held-out latents, of the mapper in <see cref="Mapper"/>.</summary>
    public required ValidationReport Metrics { get; init; }

    /// <summary>The gate, and whether the metrics reach it.</summary>
    public required GateSpec Gate { get; init; }

    /// <summary>True where the metrics reach the gate.</summary>
    public required bool PassesGate { get; init; }

    /// <summary>Device kind that trained it: the bytes are the same on every device of this kind and build.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>Build that trained it.</summary>
    public required string Build { get; init; }

    /// <summary>What a user of the mapper should know beside the numbers, in sentences; absent where there is nothing.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>The file that the mapper was imported from; absent for mappers that were trained here.</summary>
    public FileOrigin? Origin { get; init; }

    /// <summary>How the edit was made; absent: by a mapper.</summary>
    public EditMethod? Method { get; init; }

    /// <summary>Whether the prompt is one that the generator can draw; absent where it was not asked.</summary>
    public DomainReport? Domain { get; init; }
}
