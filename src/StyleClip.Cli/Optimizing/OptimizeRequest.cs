using StyleClip.Cli.Latents;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Recipes;
using StyleClip.Training.Baselines;

namespace StyleClip.Cli.Optimizing;

/// <summary>What <c>styleclip optimize</c> was asked for. Null is what the paper, or the pack, has.</summary>
internal sealed record OptimizeRequest
{
    public required string Prompt { get; init; }

    public required OptimizeMethod Method { get; init; }

    /// <summary>Where TediGAN starts.</summary>
    public required TediGanStart Start { get; init; }

    public required OptimizeMode Mode { get; init; }

    public required OptimizeSpace Space { get; init; }

    /// <summary>Where to start; null for the mean latent.</summary>
    public required SourceLatents? Latents { get; init; }

    public required int? Steps { get; init; }

    public required double LearningRate { get; init; }

    public required double? LambdaL2 { get; init; }

    public required double? LambdaId { get; init; }

    public required ClipInput? ClipInput { get; init; }

    public required string Folder { get; init; }

    public required OutputForm Output { get; init; }
}
