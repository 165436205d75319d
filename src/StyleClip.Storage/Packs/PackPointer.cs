using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Packs;

/// <summary>What the document <c>packs/NAME</c> says: which pack the name stands for now.</summary>
/// <param name="Name">Name of the pack.</param>
/// <param name="Pack">Digest of its manifest.</param>
public sealed record PackPointer(string Name, Digest Pack);
