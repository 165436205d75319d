using System.Reflection;

namespace StyleClip.Contracts.Validation;

/// <summary>The recipes of <c>configs/recipes</c>, which travel inside the program.</summary>
public static class BuiltInRecipes
{
    private const string Prefix = "recipes/";
    private const string Ending = ".yaml";

    /// <summary>Their names, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The recipe file of this name; null where there is none.</summary>
    public static SpecDocument? Find(string name)
    {
        if (!Names.Contains(name, StringComparer.Ordinal)) return null;
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Ending)!;
        using var reader = new StreamReader(stream);
        return new SpecDocument($"configs/recipes/{name}{Ending}", reader.ReadToEnd());
    }
}
