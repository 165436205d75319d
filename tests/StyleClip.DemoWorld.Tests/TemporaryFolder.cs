namespace StyleClip.DemoWorld.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("demo-world-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
