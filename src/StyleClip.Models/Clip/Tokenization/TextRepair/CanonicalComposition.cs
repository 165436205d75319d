using System.Globalization;
using System.Text;

namespace StyleClip.Models.Clip;

/// <summary>
/// Unicode normalisation form C from the data of Unicode 15.1. The runtime's own normalisation needs the ICU library, which a
/// small server does not have; without it, it returns the text unchanged.
/// </summary>
internal static class CanonicalComposition
{
    // Hangul syllables: Unicode, section 3.12.
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Dictionary<int, byte> CombiningClasses = [];
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];

    static CanonicalComposition()
    {
        foreach (string line in TextResource.ReadLines("canonical-15.1.txt"))
        {
            string[] fields = line.Split(' ');
            if (fields[0] == "C")
                AddClass(byte.Parse(fields[1], CultureInfo.InvariantCulture), first: Hex(fields[2]), last: Hex(fields[^1]));
            else
                AddDecomposition(Hex(fields[1]), [.. fields[3..].Select(Hex)], isComposed: fields[0] == "D");
        }
    }

    /// <summary>The text in normalisation form C.</summary>
    public static string Normalize(string text)
    {
        // Nothing below the first combining mark changes.
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0)
            return text;
        List<int> codes = [];
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, codes);
        Order(codes);
        StringBuilder composed = new(text.Length);
        foreach (int code in Compose(codes))
            composed.Append(new Rune(code));
        return composed.ToString();
    }

    private static void Decompose(int code, List<int> output)
    {
        int syllable = code - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            output.Add(LeadBase + syllable / (VowelCount * TrailCount));
            output.Add(VowelBase + syllable % (VowelCount * TrailCount) / TrailCount);
            if (syllable % TrailCount != 0)
                output.Add(TrailBase + syllable % TrailCount);
        }
        else if (Decompositions.TryGetValue(code, out int[]? parts))
        {
            foreach (int part in parts)
                Decompose(part, output);
        }
        else
        {
            output.Add(code);
        }
    }

    // Marks between two starters are sorted by class; equal classes keep their order.
    private static void Order(List<int> codes)
    {
        for (int i = 1; i < codes.Count; i++)
        {
            int code = codes[i];
            byte combiningClass = Class(code);
            if (combiningClass == 0)
                continue;
            int place = i;
            while (place > 0 && Class(codes[place - 1]) > combiningClass)
            {
                codes[place] = codes[place - 1];
                place--;
            }
            codes[place] = code;
        }
    }

    private static List<int> Compose(List<int> codes)
    {
        List<int> output = new(codes.Count);
        int starter = -1;
        byte lastClass = 0;
        foreach (int code in codes)
        {
            byte combiningClass = Class(code);
            // A mark is blocked from its starter by one of the same or a higher class, a starter by anything in between.
            bool isAdjacent = starter >= 0 && starter == output.Count - 1;
            if (starter >= 0 && (isAdjacent || lastClass < combiningClass) && TryCompose(output[starter], code, out int composite))
            {
                output[starter] = composite;
                continue;
            }
            if (combiningClass == 0)
                starter = output.Count;
            lastClass = combiningClass;
            output.Add(code);
        }
        return output;
    }

    private static bool TryCompose(int first, int second, out int composite)
    {
        int lead = first - LeadBase;
        int vowel = second - VowelBase;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            composite = SyllableBase + (lead * VowelCount + vowel) * TrailCount;
            return true;
        }
        int syllable = first - SyllableBase;
        int trail = second - TrailBase;
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            composite = first + trail;
            return true;
        }
        return Compositions.TryGetValue((first, second), out composite);
    }

    private static byte Class(int code) => CombiningClasses.GetValueOrDefault(code);

    private static void AddClass(byte combiningClass, int first, int last)
    {
        for (int code = first; code <= last; code++)
            CombiningClasses[code] = combiningClass;
    }

    private static void AddDecomposition(int code, int[] parts, bool isComposed)
    {
        Decompositions[code] = parts;
        if (isComposed)
            Compositions[(parts[0], parts[1])] = code;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
