using System.Reflection;

namespace StyleClip.TestServers;

/// <summary>Programs that tests/run.sh installs.</summary>
internal static class TestTools
{
    private static readonly string Folder = typeof(TestTools).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Tools").Value!;

    /// <summary>A script of an npm package.</summary>
    public static string Script(string path) => Installed(Path.Combine(Folder, "node_modules", path));

    /// <summary>A program of a Debian package.</summary>
    public static string Program(string name) => Installed(Path.Combine("/usr/bin", name));

    private static string Installed(string path) =>
        File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not installed; tests/set-up.sh installs what the tests need.", path);
}
