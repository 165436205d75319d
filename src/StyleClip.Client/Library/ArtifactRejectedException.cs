using StyleClip.Contracts.Library;

namespace StyleClip.Client.Library;

/// <summary>What was received, or what lies in the cache, is not what the digest names. It was thrown away; no file became visible.</summary>
/// <param name="artifact">What was asked for.</param>
/// <param name="fault">What was found instead.</param>
public sealed class ArtifactRejectedException(Digest artifact, string fault) : IOException($"Artifact {artifact} was rejected: {fault}")
{
    /// <summary>What was asked for.</summary>
    public Digest Artifact { get; } = artifact;
}
