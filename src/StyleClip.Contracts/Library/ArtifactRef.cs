namespace StyleClip.Contracts.Library;

/// <summary>A pointer to an immutable artifact in the store.</summary>
/// <param name="Digest">SHA-256 of the bytes.</param>
/// <param name="SizeBytes">Length in bytes.</param>
/// <param name="MediaType">What the bytes are: one of <see cref="MediaTypes"/>.</param>
public sealed record ArtifactRef(Digest Digest, long SizeBytes, string MediaType);
