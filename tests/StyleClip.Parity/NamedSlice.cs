using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>
/// Names of the form <c>visual.conv1[0,:,0:2,0:2]</c>: a tensor and the part of it that was kept. In <c>[tok0:2,img0]</c> the axes are
/// named instead of counted, because the original keeps tokens first; here they are [batch, tokens, channels].
/// </summary>
public sealed partial record NamedSlice(string Tensor, string Slice)
{
    public static NamedSlice Parse(string name)
    {
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? new NamedSlice(name, "") : new NamedSlice(name[..bracket], name[(bracket + 1)..^1]);
    }

    public Tensor Of(Tensor whole)
    {
        if (Slice.Length == 0) return whole;
        string[] parts = Slice.Split(',');
        if (parts.Any(part => char.IsLetter(part[0])))
        {
            // Tokens and samples by name: batch first, whatever the order in the name.
            string sample = parts.Single(part => !part.StartsWith("tok", StringComparison.Ordinal));
            string tokens = parts.Single(part => part.StartsWith("tok", StringComparison.Ordinal));
            parts = [Digits().Match(sample).Value, tokens["tok".Length..]];
        }

        return whole[[.. parts.Select(Index)]];
    }

    private static TensorIndex Index(string part)
    {
        string[] ends = part.Split(':');
        return ends.Length == 1 ? TensorIndex.Single(Number(part)) : TensorIndex.Slice(Bound(ends[0]), Bound(ends[1]));
    }

    private static long? Bound(string text) => text.Length == 0 ? null : Number(text);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+$")]
    private static partial Regex Digits();
}
