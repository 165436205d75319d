using System.Globalization;

namespace StyleClip.Cli.Directions;

/// <summary>One edit by text.</summary>
/// <param name="Target">What the edited image shows.</param>
/// <param name="Neutral">What the unedited image shows.</param>
/// <param name="Alpha">Its own strength; null for the strengths of the call.</param>
internal sealed record TextEdit(string Target, string Neutral, double? Alpha)
{
    /// <summary>Pairs targets, each with an <c>@ALPHA</c> behind it or none, with one neutral text or one each.</summary>
    /// <exception cref="InvalidDataException">The numbers of texts do not fit.</exception>
    public static IReadOnlyList<TextEdit> Pair(IReadOnlyList<string> targets, IReadOnlyList<string> neutrals)
    {
        if (neutrals.Count != 1 && neutrals.Count != targets.Count)
            throw new InvalidDataException($"There are {targets.Count} texts in --target and {neutrals.Count} in --neutral; --neutral must be given once, or once for each target.");
        return [.. targets.Select((target, i) =>
        {
            (string text, double? alpha) = Split(target);
            return new TextEdit(text, neutrals[neutrals.Count == 1 ? 0 : i], alpha);
        })];
    }

    private static (string Text, double? Alpha) Split(string target) =>
        target.LastIndexOf('@') is var at and >= 0
        && double.TryParse(target[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double alpha) && double.IsFinite(alpha)
            ? (target[..at].TrimEnd(), alpha)
            : (target, null);
}
