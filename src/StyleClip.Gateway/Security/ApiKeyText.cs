using System.Buffers.Text;
using System.Security.Cryptography;

namespace StyleClip.Gateway.Security;

/// <summary>
/// The text of a key: <c>sck_</c>, eight digits that name it, <c>_</c>, 43 characters that are secret. The beginning lets scanners of
/// repositories and logs recognise a key that got there.
/// </summary>
internal static class ApiKeyText
{
    private const string Start = "sck_";
    private const int NameBytes = 4;
    private const int SecretBytes = 32;
    private const int PrefixLength = 4 + NameBytes * 2;

    public static readonly int Length = PrefixLength + 1 + Base64Url.GetEncodedLength(SecretBytes);

    public static string New()
    {
        string name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes));
        return $"{Start}{name}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
    }

    /// <summary>The part that is not secret; null where the text cannot be a key.</summary>
    public static string? Prefix(string key) =>
        key.Length == Length && key.StartsWith(Start, StringComparison.Ordinal) && key[PrefixLength] == '_' ? key[..PrefixLength] : null;
}
