using System.Text;
using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>
/// Layout of a document on the disk: one line with a random write number and the content's digest, then the content. The ETag is the digest
/// of that line, so two writes differ even where their bytes are equal and the document was deleted in between.
/// </summary>
internal static class DocumentFile
{
    private const string Magic = "styleclip-document";

    public static (byte[] File, string ETag) Make(ReadOnlySpan<byte> content)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{Magic} {Guid.NewGuid():N} {Digest.Of(content)}\n");
        return ([.. header, .. content], Digest.Of(header).Hex);
    }

    /// <summary>Takes a file apart; null where it is not what <see cref="Make"/> made.</summary>
    public static StoredDocument? Parse(ReadOnlySpan<byte> file)
    {
        int end = file.IndexOf((byte)'\n');
        if (end < 0) return null;
        string[] words = Encoding.ASCII.GetString(file[..end]).Split(' ');
        ReadOnlySpan<byte> content = file[(end + 1)..];
        bool whole = words.Length == 3 && words[0] == Magic && words[2] == Digest.Of(content).ToString();
        return whole ? new StoredDocument(content.ToArray(), Digest.Of(file[..(end + 1)]).Hex) : null;
    }
}
