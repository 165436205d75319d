namespace StyleClip.Contracts.Tests;

/// <summary>Files of the repository that tests compare with.</summary>
internal static class RepositoryFiles
{
    private static readonly string Root = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StyleClip.Training.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No StyleClip.Training.sln above {AppContext.BaseDirectory}.");
    }
}
