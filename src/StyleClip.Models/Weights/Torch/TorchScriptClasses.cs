using System.Text;
using System.Text.RegularExpressions;

namespace StyleClip.Models.Weights;

/// <summary>
/// Tells parameters and buffers of a TorchScript archive from its other tensor attributes, by the lists of names at the head of each
/// class in the archive's code. The code is only searched as text.
/// </summary>
internal sealed partial class TorchScriptClasses(ZipDirectory zip, string folder)
{
    private const int MaxCodeBytes = 16 << 20;

    private readonly Dictionary<string, HashSet<string>?> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _code = new(StringComparer.Ordinal);

    public bool IsParameterOrBuffer(string className, string attribute)
    {
        if (!_names.TryGetValue(className, out HashSet<string>? names)) _names[className] = names = Find(className);
        return names?.Contains(attribute) ?? true; // archives before the lists existed: every tensor attribute is one
    }

    [GeneratedRegex(@"^class (?<name>\w+)\(Module\):\n(?:  __parameters__ = \[(?<list>[^\]\n]*)\]\n)(?:  __buffers__ = \[(?<list>[^\]\n]*)\]\n)?", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ClassHead { get; }

    [GeneratedRegex("\"(?<name>[^\"\\n]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted { get; }

    private HashSet<string>? Find(string className)
    {
        int dot = className.LastIndexOf('.');
        string file = $"{folder}code/{className[..dot].Replace('.', '/')}.py";
        if (!_code.TryGetValue(file, out string? code)) _code[file] = code = zip.Find(file) is { } entry ? Encoding.UTF8.GetString(entry.ReadAll(MaxCodeBytes)) : "";
        Match? head = ClassHead.Matches(code).FirstOrDefault(match => match.Groups["name"].Value == className[(dot + 1)..]);
        return head is null ? null : [.. head.Groups["list"].Captures.SelectMany(list => Quoted.Matches(list.Value)).Select(match => match.Groups["name"].Value)];
    }
}
