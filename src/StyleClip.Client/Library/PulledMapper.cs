using StyleClip.Contracts.Library;

namespace StyleClip.Client.Library;

/// <summary>A mapper that was pulled: every file's digest has been verified.</summary>
/// <param name="Card">What the mapper says of itself.</param>
/// <param name="CardReference">The card as an artifact: its digest names this version for good.</param>
/// <param name="CardPath">The card's file.</param>
/// <param name="MapperPath">The mapper's file, safetensors.</param>
/// <param name="StripPath">The before/after picture's file, PNG.</param>
public sealed record PulledMapper(MapperCard Card, ArtifactRef CardReference, string CardPath, string MapperPath, string StripPath);
