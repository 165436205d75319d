using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Azure;

namespace StyleClip.Storage.Artifacts.Blobs;

/// <summary>
/// A document's version: the service's ETag, and the random names of the last writes, newest first, which travel in the blob's metadata. By
/// them a write whose answer was lost finds itself again, also where others have written over it since.
/// </summary>
internal sealed record BlobVersion(string ETag, IReadOnlyList<string> Writes)
{
    // A writer whose answer was lost comes back within seconds. Eight names were too few: four writers on an idle machine got past them in
    // a second. Sixty-four are about 1 KB of the 8 KB that a blob's metadata may have.
    private const int Remembered = 64;

    // No service gives this ETag: the version was overwritten, and nothing can be written over it.
    private const string Overwritten = "-";

    /// <summary>A name for a new write.</summary>
    public static string NewWrite() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>The version that a stored blob has.</summary>
    public static BlobVersion Of(ETag eTag, IDictionary<string, string> metadata) =>
        new(eTag.ToString(), metadata.TryGetValue(BlobDocuments.WritesKey, out string? writes) ? writes.Split(',') : []);

    /// <summary>What <see cref="ToString"/> made; false for a version that no document of ours can have.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BlobVersion? version)
    {
        string[] words = text.Split(' ');
        version = words.Length == 2 && words[0].Length > 0 && words[0] != Overwritten
            ? new BlobVersion(words[0], words[1].Length == 0 ? [] : words[1].Split(','))
            : null;
        return version is not null;
    }

    /// <summary>The metadata of a write over <paramref name="seen"/>.</summary>
    public static string WritesAfter(BlobVersion? seen, string write) => string.Join(',', (seen?.Writes ?? []).Prepend(write).Take(Remembered));

    /// <summary>The version that <paramref name="write"/> made, where this one is or follows it; null where it does not.</summary>
    public BlobVersion? Find(string write)
    {
        if (Writes.Count > 0 && Writes[0] == write) return this;
        return Writes.Contains(write) ? new BlobVersion(Overwritten, [write]) : null;
    }

    public override string ToString() => $"{ETag} {string.Join(',', Writes)}";
}
