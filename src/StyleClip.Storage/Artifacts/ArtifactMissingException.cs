using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>An artifact that was asked for is not in the store.</summary>
public sealed class ArtifactMissingException(Digest digest, string location)
    : IOException($"Artifact {digest} is not in the store at {location}.")
{
    /// <summary>What was asked for.</summary>
    public Digest Digest { get; } = digest;
}
