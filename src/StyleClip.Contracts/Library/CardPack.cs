namespace StyleClip.Contracts.Library;

/// <summary>A card's pack.</summary>
/// <param name="Name">Name of the pack.</param>
/// <param name="Digest">Digest of its manifest.</param>
/// <param name="Licence">Terms of its networks, as the manifest states them.</param>
/// <param name="Files">The pack's files with their digests, by role.</param>
public sealed record CardPack(string Name, Digest Digest, string Licence, IReadOnlyDictionary<string, Digest> Files);
