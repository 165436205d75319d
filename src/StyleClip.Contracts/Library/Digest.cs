using System.Security.Cryptography;
using System.Text.Json.Serialization;
using StyleClip.Contracts.Json;

namespace StyleClip.Contracts.Library;

/// <summary>SHA-256 of an artifact's bytes: the name under which it is stored and the proof that it arrived whole.</summary>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest
{
    private const string Prefix = "sha256:";

    private Digest(string hex) => Hex = hex;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Digest of <paramref name="bytes"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>Digest of everything that can be read from <paramref name="stream"/>.</summary>
    public static async Task<Digest> OfAsync(Stream stream, CancellationToken cancellationToken = default) =>
        new(Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)));

    /// <summary>Wraps a finished SHA-256 of 32 bytes.</summary>
    /// <exception cref="ArgumentException">The hash is not 32 bytes long.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length == SHA256.HashSizeInBytes
        ? new(Convert.ToHexStringLower(hash))
        : throw new ArgumentException($"A SHA-256 has 32 bytes; got {hash.Length}.", nameof(hash));

    /// <summary>Reads <c>sha256:</c> followed by 64 hexadecimal digits, or the digits alone.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static Digest Parse(string text) => TryParse(text, out Digest digest)
        ? digest
        : throw new FormatException($"'{text}' is not a digest: it must be 'sha256:' and 64 hexadecimal digits.");

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse(string? text, out Digest digest)
    {
        digest = default;
        if (text is null) return false;
        string hex = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigit)) return false;
        digest = new Digest(hex.ToLowerInvariant());
        return true;
    }

    /// <summary><c>sha256:</c> followed by <see cref="Hex"/>.</summary>
    public override string ToString() => Prefix + Hex;
}
