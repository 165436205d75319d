using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StyleClip.Contracts.Tests.Validation;

/// <summary>The XML documentation of StyleClip.Contracts as plain text, by member.</summary>
internal static partial class MemberDocs
{
    private static readonly Dictionary<string, string> Summaries = XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, "StyleClip.Contracts.xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => TextOf(member.Element("summary")!));

    public static string? Describe(MemberInfo member) => Summaries.GetValueOrDefault($"P:{member.DeclaringType!.FullName}.{member.Name}");

    private static string TextOf(XElement summary)
    {
        foreach (XElement see in summary.Descendants("see").ToList()) see.ReplaceWith(CamelCase(see.Attribute("cref")!.Value.Split('.')[^1]));
        return Blank().Replace(summary.Value, " ").Trim();
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
