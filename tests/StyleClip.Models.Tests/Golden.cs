using StyleClip.Reference;

namespace StyleClip.Models.Tests;

/// <summary>Files of tests/Golden.</summary>
internal static class Golden
{
    public static string Path(string file) => System.IO.Path.Combine(GoldenData.RepositoryDirectory, file);
}
