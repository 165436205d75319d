using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>A text whose form is given by a pattern that .NET and JSON schema read alike.</summary>
internal sealed class TextShape : SpecShape
{
    private const string Controls = @"\u0000-\u001f\u007f-\u009f\u2028\u2029";

    private readonly int _maxLength;
    private readonly Regex _pattern;
    private readonly string _rule;

    private TextShape(string pattern, int maxLength, string rule)
    {
        _pattern = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        _maxLength = maxLength;
        _rule = rule;
    }

    /// <summary>A name that is safe in paths, URLs and labels.</summary>
    public static TextShape Name { get; } = new("^[a-z0-9-]+$", 64, "must be 1 to 64 characters of a-z, 0-9 and '-'");

    /// <summary>A name that a direction table can have.</summary>
    public static TextShape TableName { get; } = new(
        "^[a-z0-9_-]([a-z0-9._-]*[a-z0-9_-])?$", 60, "must be 1 to 60 characters of a-z, 0-9, '.', '_' and '-', with no dot at either end");

    /// <summary>One line of free text.</summary>
    public static TextShape Line { get; } = new(
        $"^[^{Controls}]*[^\\s{Controls}][^{Controls}]*$",
        1000,
        "must be a text of 1 to 1,000 characters, not only spaces, without line breaks and control characters");

    public override bool TryRead(YamlCursor cursor, out JsonNode? value)
    {
        value = null;
        if (cursor.Node is not YamlScalar scalar)
        {
            cursor.Refuse(_rule);
            return false;
        }

        if (scalar.IsPlain && (scalar.IsNull || scalar.Value is "true" or "false" || NumberShape.LooksLikeNumber(scalar.Value)))
        {
            cursor.Refuse($"{_rule}; put quotes around it if it is meant as a text");
            return false;
        }

        // Characters are counted as JSON schema counts them; half a surrogate pair cannot be written as UTF-8.
        string text = scalar.Value;
        bool isUnicode = text.EnumerateRunes().All(rune => rune.Value != '\uFFFD');
        if (!isUnicode || text.EnumerateRunes().Count() > _maxLength || !_pattern.IsMatch(text) || text.EndsWith('\n'))
        {
            cursor.Refuse(_rule);
            return false;
        }

        value = JsonValue.Create(text);
        return true;
    }

    public override JsonObject ToSchema(SchemaWriter writer) =>
        new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = _maxLength, ["pattern"] = _pattern.ToString() };
}
