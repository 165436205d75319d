using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StyleClip.Models.Clip;

/// <summary>HTML character references: the lenient reading of Python's <c>html.unescape</c>, and ftfy's careful one.</summary>
internal static partial class HtmlEntities
{
    // Name without ampersand, with the semicolon where it was written; values are one or two characters.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, string> UpperCaseNames = new(StringComparer.Ordinal);

    static HtmlEntities()
    {
        foreach (string line in TextResource.ReadLines("html5-entities.txt"))
        {
            string[] fields = line.Split(' ');
            string value = string.Concat(fields[1..].Select(code => char.ConvertFromUtf32(ParseHex(code))));
            string name = fields[0].TrimEnd('*');
            Names[name + ";"] = value;
            if (fields[0].EndsWith('*'))
                Names[name] = value;
        }
        foreach ((string name, string value) in Names)
        {
            string upper = name.ToUpperInvariant();
            if (name.EndsWith(';') && !name.Any(char.IsAsciiLetterUpper) && Unescape("&" + upper) == "&" + upper)
                UpperCaseNames[upper] = ToUpper(value);
        }
    }

    [GeneratedRegex("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference { get; }

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};", RegexOptions.CultureInvariant)]
    private static partial Regex ClosedReference { get; }

    /// <summary>Replaces every reference that a browser would, also those without a semicolon.</summary>
    public static string Unescape(string text) =>
        text.Contains('&', StringComparison.Ordinal) ? Reference.Replace(text, match => Resolve(match.Groups[1].Value)) : text;

    /// <summary>Replaces references that end in a semicolon, names written all in capitals among them.</summary>
    public static string UnescapeClosed(string text) =>
        text.Contains('&', StringComparison.Ordinal) ? ClosedReference.Replace(text, match => ResolveClosed(match.Value)) : text;

    private static string Resolve(string reference)
    {
        if (reference[0] == '#')
            return ResolveNumber(reference.AsSpan(1).TrimEnd(';'));
        for (int length = reference.Length; length > 1; length--)
        {
            if (Names.TryGetValue(reference[..length], out string? value))
                return value + reference[length..];
        }
        return "&" + reference;
    }

    private static string ResolveClosed(string reference)
    {
        string name = reference[1..];
        if (Names.TryGetValue(name, out string? value) || UpperCaseNames.TryGetValue(name, out value))
            return value;
        if (name[0] != '#')
            return reference;
        // A semicolon left over shows that only a part was a number.
        string unescaped = Unescape(reference);
        return unescaped.Contains(';', StringComparison.Ordinal) ? reference : unescaped;
    }

    private static string ResolveNumber(ReadOnlySpan<char> digits)
    {
        int code = digits[0] is 'x' or 'X' ? Parse(digits[1..], 16) : Parse(digits, 10);
        return code switch
        {
            0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) => "\uFFFD",
            >= 0x80 and <= 0x9F => CodePage.Windows1252.UpperHalf[code - 0x80].ToString(),
            (>= 1 and <= 8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
            _ => (code & 0xFFFE) == 0xFFFE ? "" : char.ConvertFromUtf32(code),
        };
    }

    // Stops beyond the last code point, so that any number of digits is safe.
    private static int Parse(ReadOnlySpan<char> digits, int radix)
    {
        int code = 0;
        foreach (char digit in digits)
            code = Math.Min(code * radix + Convert.ToInt32(digit.ToString(), 16), 0x110000);
        return code;
    }

    // The first eight are the only named characters whose capitals differ from the invariant culture's.
    private static string ToUpper(string value) => value switch
    {
        "ß" => "SS",
        "ı" => "I", // the invariant culture leaves it alone
        "ŉ" => "ʼN",
        "ﬀ" => "FF",
        "ﬁ" => "FI",
        "ﬂ" => "FL",
        "ﬃ" => "FFI",
        "ﬄ" => "FFL",
        _ => string.Concat(value.EnumerateRunes().Select(rune => Rune.ToUpperInvariant(rune).ToString())),
    };

    private static int ParseHex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
