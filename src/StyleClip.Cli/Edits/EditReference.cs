using System.Globalization;
using System.Text.RegularExpressions;

namespace StyleClip.Cli.Edits;

/// <summary>A published edit as users name it on a command line: <c>SLUG[:VERSION]</c>, a digest, or a file, and <c>@STRENGTH</c> after it.</summary>
/// <param name="Name">Slug, digest or path.</param>
/// <param name="Version">The version of a slug; null for the newest.</param>
/// <param name="Strength">Factor on the edit's offset; null where the user left it open.</param>
/// <param name="IsFile">True for a path.</param>
internal sealed partial record EditReference(string Name, int? Version, double? Strength, bool IsFile)
{
    /// <exception cref="InvalidDataException">The text has no such form.</exception>
    public static EditReference Parse(string text)
    {
        if (File.Exists(text)) return new(text, null, null, IsFile: true);
        Match match = Form().Match(text);
        string name = match.Groups["name"].Value;
        double? strength = match.Groups["strength"] is { Success: true, Value: var number } ? double.Parse(number, CultureInfo.InvariantCulture) : null;
        if (strength is { } given && !double.IsFinite(given)) throw new InvalidDataException($"The strength of '{text}' is not finite.");
        if (File.Exists(name)) return new(name, null, strength, IsFile: true);
        if (name.StartsWith("sha256:", StringComparison.Ordinal)) return new(name, null, strength, IsFile: false);
        if (name.Contains('/', StringComparison.Ordinal) || Path.GetExtension(name).Length > 0) throw new InvalidDataException($"There is no file {name}.");
        Match slug = Slug().Match(name);
        return slug.Success
            ? new(slug.Groups["slug"].Value, slug.Groups["version"] is { Success: true, Value: var version } ? int.Parse(version, CultureInfo.InvariantCulture) : null, strength, IsFile: false)
            : throw new InvalidDataException($"The edit is '{text}'; it must be SLUG[:VERSION], a digest or a file, and may end in @STRENGTH.");
    }

    [GeneratedRegex(@"^(?<name>.*?)(@(?<strength>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<slug>[a-z0-9-]+)(:(?<version>\d{1,6}))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Slug();
}
