namespace StyleClip.Cli.Tests;

/// <summary>Files of the reference data.</summary>
internal static class GoldenFile
{
    public static string At(string file)
    {
        string? folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder!, "tests", "Golden"))) folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder!, "tests", "Golden", file);
    }
}
