using StyleClip.Cli.Latents;
using StyleClip.Cli.Running;

namespace StyleClip.Cli.Directions;

/// <summary>What a <c>styleclip directions apply</c> was asked for.</summary>
internal sealed record DirectionApplyRequest
{
    /// <summary>The edits; several are combined.</summary>
    public required IReadOnlyList<TextEdit> Edits { get; init; }

    /// <summary>Strengths of edits without one of their own: a row of pictures each.</summary>
    public required IReadOnlyList<double> Alphas { get; init; }

    /// <summary>Least relevance of a channel; null to choose one.</summary>
    public required double? Beta { get; init; }

    /// <summary>More channels than this shall survive a threshold that is chosen.</summary>
    public required int AutoBetaChannels { get; init; }

    public required SourceLatents Latents { get; init; }

    /// <summary>NAME.png, or a folder.</summary>
    public required string Target { get; init; }

    public required OutputForm Output { get; init; }
}
