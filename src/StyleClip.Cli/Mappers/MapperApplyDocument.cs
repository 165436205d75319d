using StyleClip.Contracts.Edits;

namespace StyleClip.Cli.Mappers;

/// <summary>The document that <c>mapper apply --output json</c> prints.</summary>
internal sealed record MapperApplyDocument
{
    public required string Pack { get; init; }

    public required string DeviceKind { get; init; }

    public required int Latents { get; init; }

    public required IReadOnlyList<MapperApplyEdit> Edits { get; init; }

    public required string Strip { get; init; }

    /// <summary>Every picture by itself; absent where a strip alone was asked for.</summary>
    public IReadOnlyList<string>? Pictures { get; init; }

    public required int EditedImages { get; init; }

    /// <summary>Edits, synthesis and rounding to pixels; no reading and no writing.</summary>
    public required double MillisecondsPerImage { get; init; }
}

/// <summary>A mapper or a direction in a <see cref="MapperApplyDocument"/>.</summary>
/// <param name="Mapper">Slug and version, or path.</param>
/// <param name="Prompt">Its prompt; absent for a file without a card.</param>
/// <param name="Strengths">Its strength in every row of edited pictures.</param>
internal sealed record MapperApplyEdit(string Mapper, string? Prompt, IReadOnlyList<double> Strengths)
{
    /// <summary>How the edit was made.</summary>
    public required EditMethod Method { get; init; }
}
