namespace StyleClip.Storage.Artifacts;

/// <summary>
/// A folder for half-written files that belongs to one open store. A lock file beside it says that the owner lives; folders whose owner
/// died are removed by the next one that opens the store.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string LockEnding = ".lock";

    private readonly FileLock _alive;
    private readonly string _path;

    private TemporaryFolder(string path, FileLock alive)
    {
        _path = path;
        _alive = alive;
    }

    /// <summary>Sweeps the leftovers of dead owners below <paramref name="parent"/> and makes a folder of one's own.</summary>
    public static TemporaryFolder Open(string parent)
    {
        // Process ids would not do: two containers that share a volume can have the same ones.
        using FileLock gate = WaitForGate(GateOf(parent));
        foreach (string lockFile in Directory.GetFiles(parent, "*" + LockEnding)) Sweep(lockFile);
        string path = Path.Combine(parent, Guid.NewGuid().ToString("N"));
        FileLock alive = FileLock.TryTake(path + LockEnding) ?? throw new IOException($"{path}{LockEnding} is locked although it is new.");
        Directory.CreateDirectory(path);
        return new TemporaryFolder(path, alive);
    }

    /// <summary>A path for a new file.</summary>
    public string NewFile() => Path.Combine(_path, Guid.NewGuid().ToString("N"));

    /// <summary>Writes a file here and brings it to the disk.</summary>
    /// <returns>Its path; whoever does not move it away deletes it.</returns>
    public string Write(ReadOnlyMemory<byte> content)
    {
        string temporary = NewFile();
        try
        {
            using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(content.Span);
            file.Flush(flushToDisk: true);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a file here, brings it to the disk and moves it to its name.</summary>
    public void WriteThenPublish(ReadOnlyMemory<byte> content, string path)
    {
        string temporary = Write(content);
        try
        {
            DurableFile.Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary); // does nothing where it was published
        }
    }

    public void Dispose()
    {
        using FileLock gate = WaitForGate(GateOf(Path.GetDirectoryName(_path)!));
        Remove(_path + LockEnding);
        _alive.Dispose();
    }

    // Called inside the gate. The lock file is made before its folder and removed after it, so there is no folder without one.
    private static void Sweep(string lockFile)
    {
        using FileLock? dead = FileLock.TryTake(lockFile);
        if (dead is not null) Remove(lockFile);
    }

    private static void Remove(string lockFile)
    {
        string folder = lockFile[..^LockEnding.Length];
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        File.Delete(lockFile);
    }

    private static string GateOf(string parent) => Path.Combine(parent, "gate");

    private static FileLock WaitForGate(string path)
    {
        // Opening a store is synchronous, and the gate is held for as long as a few small files take.
        var wait = new SpinWait();
        while (true)
        {
            if (FileLock.TryTake(path) is { } gate) return gate;
            wait.SpinOnce();
        }
    }
}
