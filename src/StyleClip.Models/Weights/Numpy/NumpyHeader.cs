using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>The text at the head of a <c>.npy</c> file: a Python dict of <c>descr</c>, <c>fortran_order</c> and <c>shape</c>.</summary>
internal sealed partial record NumpyHeader(ScalarType Dtype, bool IsColumnMajor, long[] Shape, long Bytes)
{
    private const int MaxRank = 32; // NumPy's own limit

    public static NumpyHeader Parse(string text)
    {
        Match match = Dictionary.Match(text);
        if (!match.Success) throw new InvalidDataException("the header is not a dict of descr, fortran_order and shape");
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach ((string key, string value) in match.Groups["key"].Captures.Zip(match.Groups["value"].Captures, (key, value) => (key.Value, value.Value)))
        {
            if (!entries.TryAdd(key, value)) throw new InvalidDataException($"the header has {key} twice");
        }

        string descr = Require("descr").Trim('\'', '"');
        if (descr.Contains('O', StringComparison.Ordinal)) throw new InvalidDataException($"the array's elements are Python objects (\"{descr}\"), which are not read");
        ScalarType dtype = new NumpyDtype(descr).Type;
        long[] shape = Numbers(Require("shape"));
        return new NumpyHeader(dtype, Flag(Require("fortran_order")) && shape.Length > 1, shape, Count(dtype, shape));

        string Require(string key) => entries.TryGetValue(key, out string? value) ? value : throw new InvalidDataException($"the header lacks {key}");
    }

    [GeneratedRegex("""^\{\s*(?:'(?<key>descr|fortran_order|shape)'\s*:\s*(?<value>'[^']{1,20}'|True|False|\([^()]{0,1000}\))\s*(?:,\s*)?)*\}\s*$""", RegexOptions.CultureInvariant)]
    private static partial Regex Dictionary { get; }

    private static bool Flag(string text) => text switch
    {
        "True" => true,
        "False" => false,
        _ => throw new InvalidDataException($"fortran_order is {text}; it must be True or False"),
    };

    private static long[] Numbers(string text)
    {
        if (text[0] != '(') throw new InvalidDataException($"shape is {text}; it must be a tuple of whole numbers");
        string[] parts = text.Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > MaxRank) throw new InvalidDataException($"the array has {parts.Length} dimensions; the limit is {MaxRank}");
        return [.. parts.Select(part => long.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            ? size
            : throw new InvalidDataException($"shape is {text}; it must be a tuple of whole numbers"))];
    }

    private static long Count(ScalarType dtype, long[] shape)
    {
        Int128 count = TorchStorage.ElementSize(dtype);
        foreach (long size in shape)
        {
            count *= Math.Max(size, 1); // checked without the zeros too: libtorch multiplies the other sizes into strides
            if (count > long.MaxValue) throw new InvalidDataException($"the array has the shape {Models.Shape.Format(shape)}, whose size in bytes overflows");
        }

        return shape.Contains(0) ? 0 : (long)count;
    }
}
