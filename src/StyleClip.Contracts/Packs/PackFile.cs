using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Packs;

/// <summary>A weight file of a pack, safetensors.</summary>
/// <param name="Path">File name beside the manifest; no folders.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
/// <param name="SizeBytes">Its length.</param>
public sealed record PackFile(string Path, Digest Digest, long SizeBytes);
