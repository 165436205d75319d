using Azure;
using Azure.Storage.Blobs.Models;

namespace StyleClip.Storage.Artifacts.Blobs;

/// <summary>The conditions under which we write.</summary>
internal static class BlobConditions
{
    /// <summary>There is no blob of this name.</summary>
    public static BlobRequestConditions New => new() { IfNoneMatch = ETag.All };

    /// <summary>The blob is still the one that was seen.</summary>
    public static BlobRequestConditions Seen(string eTag) => new() { IfMatch = new ETag(eTag) };
}
