using System.CommandLine;

namespace StyleClip.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<DirectoryInfo> Store() => new("--store")
    {
        Description = "Folder of the artifact store.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(".styleclip", "store")),
    };

    public static Option<FileInfo> RequiredFile(string name, string description) => new(name) { Description = description, Required = true };

    public static Option<FileInfo?> File(string name, string description) => new(name) { Description = description };

    public static Option<string?> Text(string name, string description) => new(name) { Description = description };
}
