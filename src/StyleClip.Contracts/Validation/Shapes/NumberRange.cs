using System.Globalization;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>From where to where a number may go.</summary>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end.</param>
/// <param name="IsMinOpen">True where the lower end itself is not allowed.</param>
/// <param name="IsMaxOpen">True where the upper end itself is not allowed.</param>
internal sealed record NumberRange(double Min, double Max, bool IsMinOpen = false, bool IsMaxOpen = false)
{
    public bool Contains(double value) =>
        (IsMinOpen ? value > Min : value >= Min) && (IsMaxOpen ? value < Max : value <= Max);

    public override string ToString() =>
        $"{(IsMinOpen ? "greater than" : "at least")} {Text(Min)} and {(IsMaxOpen ? "less than" : "at most")} {Text(Max)}";

    // A double's own format keeps 15 digits, which is too few for the largest seed.
    private static string Text(double value) => double.IsInteger(value)
        ? ((long)value).ToString("n0", CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);
}
