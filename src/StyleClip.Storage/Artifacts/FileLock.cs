namespace StyleClip.Storage.Artifacts;

/// <summary>
/// A lock on a file, held alone or shared, between threads and between processes. The operating system lets go of it when its holder ends, however it
/// ends. Lock files are never deleted: a deleted one could be locked twice.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMacOS = 35;

    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock if it is free; null where somebody holds it.</summary>
    public static FileLock? TryTake(string path) => Try(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Shares the lock with others that share it; null where somebody has taken it alone.</summary>
    public static FileLock? TryShare(string path) => Try(path, FileAccess.Read, FileShare.Read);

    /// <summary>Waits for the lock.</summary>
    public static async Task<FileLock> Take(string path, CancellationToken cancellationToken)
    {
        // Files cannot be waited for: ask again, soon at first, because holders write one small file.
        for (int attempt = 0; ; attempt++)
        {
            if (TryTake(path) is { } taken) return taken;
            await Task.Delay(Math.Min(1 << Math.Min(attempt, 10), 25), cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static FileLock? Try(string path, FileAccess access, FileShare share)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, access, share, bufferSize: 1));
        }
        catch (IOException exception) when (exception.HResult is SharingViolationOnWindows or WouldBlockOnLinux or WouldBlockOnMacOS)
        {
            return null;
        }
    }
}
