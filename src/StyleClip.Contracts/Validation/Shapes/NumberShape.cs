using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>A number in a range. Only decimal digits: no octal, hexadecimal or sexagesimal readings, no infinities.</summary>
internal sealed partial class NumberShape(NumberRange range, bool isWhole) : SpecShape
{
    /// <summary>True where a YAML reader takes a plain scalar for a number.</summary>
    public static bool LooksLikeNumber(string text) => Decimal().IsMatch(text) || Other().IsMatch(text);

    public override bool TryRead(YamlCursor cursor, out JsonNode? value)
    {
        value = null;
        string kind = isWhole ? "a whole number" : "a number";
        if (cursor.Node is not YamlScalar { IsPlain: true } scalar || !(isWhole ? Whole() : Decimal()).IsMatch(scalar.Value))
        {
            cursor.Refuse($"must be {kind} in decimal digits, without quotes, {range}");
            return false;
        }

        double number = double.Parse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number) || !range.Contains(number))
        {
            cursor.Refuse($"must be {kind}, {range}");
            return false;
        }

        value = isWhole
            ? JsonValue.Create(long.Parse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : JsonValue.Create(number);
        return true;
    }

    public override JsonObject ToSchema(SchemaWriter writer) => new()
    {
        ["type"] = isWhole ? "integer" : "number",
        [range.IsMinOpen ? "exclusiveMinimum" : "minimum"] = Bound(range.Min),
        [range.IsMaxOpen ? "exclusiveMaximum" : "maximum"] = Bound(range.Max),
    };

    private JsonValue Bound(double value) => isWhole ? JsonValue.Create((long)value) : JsonValue.Create(value);

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Decimal();

    [GeneratedRegex(
        @"\A[-+]?(0[xo][0-9a-fA-F_]+|[0-9][0-9_]*|[0-9_]*\.[0-9]+([eE][-+]?[0-9]+)?|[0-9]+\.?[0-9]*([eE][-+]?[0-9]+)?)\z"
        + @"|\A[-+]?\.(inf|Inf|INF)\z|\A\.(nan|NaN|NAN)\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Other();
}
