namespace StyleClip.Storage.Artifacts;

/// <summary>A document as it was read.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">Its version: differs between any two writes, also of the same bytes.</param>
public sealed record StoredDocument(byte[] Content, string ETag);
