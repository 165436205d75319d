using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Validation;

/// <summary>
/// What the reader of a sweep asks the world outside of the file. What is wrong is said as a rule that begins with "must".
/// </summary>
public sealed record SweepSpecContext
{
    private const long MaxFileBytes = 1_000_000;

    /// <summary>Names of the recipes that a sweep can ask for.</summary>
    public IReadOnlyList<string> RecipeNames { get; init; } = BuiltInRecipes.Names;

    /// <summary>The recipe file of a name in <see cref="RecipeNames"/>; null where there is none.</summary>
    public Func<string, SpecDocument?> FindRecipe { get; init; } = BuiltInRecipes.Find;

    /// <summary>
    /// The recipe file at a path; it throws an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/> where it cannot be
    /// read. Absent: specs may not name files, as over HTTP.
    /// </summary>
    public Func<string, SpecDocument>? ReadRecipeFile { get; init; }

    /// <summary>What is wrong with a pack's name or path; null where the pack can be used.</summary>
    public Func<string, string?> CheckPack { get; init; } = _ => null;

    /// <summary>
    /// What is wrong with a prompt or a neutral text (second argument) for a pack (first argument); null where the pack understands it.
    /// </summary>
    public Func<string, string, string?> CheckText { get; init; } = (_, _) => null;

    /// <summary>
    /// What is wrong with the last layer of a direction table (second argument) for a pack (first argument); null where it can be measured.
    /// </summary>
    public Func<string, DirectionTableSpec, string?> CheckTable { get; init; } = (_, _) => null;

    /// <summary>
    /// What is wrong with the name of a table (second argument) for a pack (first argument); null where it is free, or that table's already.
    /// </summary>
    public Func<string, TableSpec, string?> CheckTableName { get; init; } = (_, _) => null;

    /// <summary>What is wrong with the path of a latent file; null where it can be used.</summary>
    public Func<string, string?> CheckLatentFile { get; init; } = _ => null;

    /// <summary>A context for a spec file on this machine: recipe paths are relative to its folder.</summary>
    public static SweepSpecContext ForFile(string specPath)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(specPath))!;
        return new SweepSpecContext { ReadRecipeFile = path => ReadFile(Path.Combine(folder, path), path) };
    }

    private static SpecDocument ReadFile(string path, string shownAs)
    {
        long size = new FileInfo(path).Length;
        if (size > MaxFileBytes) throw new IOException($"it has {size:n0} bytes; at most {MaxFileBytes:n0} are allowed");
        return new SpecDocument(shownAs, File.ReadAllText(path));
    }
}
