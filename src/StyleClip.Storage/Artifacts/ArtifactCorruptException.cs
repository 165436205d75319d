using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>Stored bytes are not the ones that were stored.</summary>
public sealed class ArtifactCorruptException(string message) : IOException(message)
{
    internal static ArtifactCorruptException OfDigest(Digest expected, Digest found, string location) => new(
        $"Artifact {expected} in the store at {location} is damaged: its bytes have the digest {found}. "
        + "Store it again, or restore it from a copy.");

    internal static ArtifactCorruptException OfSize(ArtifactRef expected, long found, string location) => new(
        $"Artifact {expected.Digest} in the store at {location} is damaged: "
        + $"it has {found} bytes; the reference says {expected.SizeBytes}.");

    internal static ArtifactCorruptException OfDocument(string name, string location) => new(
        $"Document '{name}' in the store at {location} is damaged: its content does not match its header.");
}
