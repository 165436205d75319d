using System.Reflection;

namespace StyleClip.Models.Clip;

/// <summary>Data files that are embedded in this assembly under their file names.</summary>
internal static class TextResource
{
    /// <summary>Opens a file.</summary>
    public static Stream Open(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The resource {name} is not embedded in StyleClip.Models.");

    /// <summary>The lines of a text file, comments (#) left out.</summary>
    public static IEnumerable<string> ReadLines(string name)
    {
        using StreamReader reader = new(Open(name));
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                yield return line;
        }
    }
}
