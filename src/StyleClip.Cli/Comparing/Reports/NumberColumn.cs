using StyleClip.Contracts.Comparisons;

namespace StyleClip.Cli.Comparing.Reports;

/// <summary>A column of the tables of numbers.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Meaning">What it says, in a sentence.</param>
/// <param name="Value">The number; null where it was not measured.</param>
/// <param name="Format">Digits.</param>
/// <param name="IsMoreBetter">The largest is marked; not where more is neither better nor worse as such.</param>
internal sealed record NumberColumn(string Title, string Meaning, Func<EditNumbers, double?> Value, string Format, bool IsMoreBetter)
{
    /// <summary>All that can be measured.</summary>
    public static IReadOnlyList<NumberColumn> All { get; } =
    [
        new("CLIP before", "Cosine between the source image and the prompt.", numbers => numbers.SourceSimilarity, "0.000", false),
        new("CLIP after", "Cosine between the edited image and the prompt.", numbers => numbers.EditedSimilarity, "0.000", false),
        new("CLIP gain", "After minus before.", numbers => numbers.ClipGain, "+0.000;-0.000;0.000", true),
        new("directional", "Cosine between the image's move in CLIP's space and the move from the neutral text to the prompt.", numbers => numbers.DirectionalSimilarity, "0.000", true),
        new("identity", "Cosine between the identity features of both images: 1 is the same face.", numbers => numbers.IdentitySimilarity, "0.000", true),
        new("W+ distance", "Euclidean norm of the step in W+, for methods that work there.", numbers => numbers.WPlusDistance, "0.00", false),
        new("S distance", "Euclidean norm of the step in StyleSpace, which all methods share.", numbers => numbers.StyleDistance, "0.00", false),
        new("pixel distance", "Root mean square difference of the pixels, from 0 to 1.", numbers => numbers.PixelDistance, "0.000", false),
        new("shown before", "Share of the source images that show what the prompt asks for, as the pack's attribute network sees them.", numbers => numbers.SourceHasAttribute, "0 %", false),
        new("shown after", "Share of the edited images that do.", numbers => numbers.EditedHasAttribute, "0 %", true),
        new("others changed", "Share of the attributes that the prompt does not ask for which came or went.", numbers => numbers.OtherAttributesChanged, "0 %", false),
    ];

    /// <summary>Those that at least one of <paramref name="numbers"/> has.</summary>
    public static IReadOnlyList<NumberColumn> In(IReadOnlyCollection<EditNumbers> numbers) => [.. All.Where(column => numbers.Any(one => column.Value(one) is not null))];

    /// <summary>The number as it is shown: the best of <paramref name="all"/> is marked.</summary>
    public Html Show(EditNumbers? numbers, IEnumerable<EditNumbers> all)
    {
        if (numbers is null || Value(numbers) is not { } value) return new("–");
        Html text = new(value.ToString(Format, System.Globalization.CultureInfo.InvariantCulture));
        return IsMoreBetter && all.Max(Value) == value ? Html.Of($"<strong>{text}</strong>") : text;
    }
}
