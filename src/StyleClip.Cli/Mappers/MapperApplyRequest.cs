using StyleClip.Cli.Edits;
using StyleClip.Cli.Latents;
using StyleClip.Cli.Running;

namespace StyleClip.Cli.Mappers;

/// <summary>What <c>styleclip mapper apply</c> was asked for.</summary>
internal sealed record MapperApplyRequest
{
    public required IReadOnlyList<EditReference> Edits { get; init; }

    /// <summary>Strengths of the edits that have none of their own, one row of pictures for each; empty for what they were trained with or meant for.</summary>
    public required IReadOnlyList<double> Strengths { get; init; }

    public required SourceLatents Latents { get; init; }

    /// <summary>A PNG file for a strip, or a folder for the strip and every picture by itself.</summary>
    public required string Target { get; init; }

    public required OutputForm Output { get; init; }
}
