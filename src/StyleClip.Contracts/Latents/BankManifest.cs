using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Latents;

/// <summary>
/// A prepared bank: latents, and of each latent's source image the identity and CLIP features, which every prompt shares.
/// </summary>
public sealed record BankManifest
{
    /// <summary>What was asked for.</summary>
    public required BankSpec Spec { get; init; }

    /// <summary>Digest of the pack whose networks made the features.</summary>
    public required Digest Pack { get; init; }

    /// <summary>Device kind and build that computed the features.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>How images were handed to CLIP.</summary>
    public required Recipes.ClipInput ClipInput { get; init; }

    /// <summary>Training latents; the validation ones follow.</summary>
    public required int TrainingCount { get; init; }

    /// <summary>Held-out latents.</summary>
    public required int ValidationCount { get; init; }

    /// <summary>
    /// Shards in order: safetensors with <c>latents</c>, <c>clip</c> and, if the pack has an identity network, <c>identity</c>.
    /// </summary>
    public required IReadOnlyList<ArtifactRef> Shards { get; init; }
}
