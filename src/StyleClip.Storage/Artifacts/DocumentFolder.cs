using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>The documents of a <see cref="DirectoryArtifactStore"/>.</summary>
internal sealed class DocumentFolder : IDisposable
{
    // Documents share a fixed number of lock files, because a lock file can never be removed.
    private const int LockCount = 64;

    // Not allowed in names: the document 'a' and the folder of 'a/b' do not meet.
    private const string Ending = "@";

    private readonly SemaphoreSlim[] _inProcess = [.. Enumerable.Range(0, LockCount).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly string _location;
    private readonly string _locks;
    private readonly string _root;
    private readonly TemporaryFolder _temporary;

    public DocumentFolder(string location, TemporaryFolder temporary)
    {
        _location = location;
        _locks = Path.Combine(location, "locks");
        _root = Path.Combine(location, "documents");
        _temporary = temporary;
    }

    public StoredDocument? Read(string name)
    {
        try
        {
            byte[] file = File.ReadAllBytes(PathOf(name));
            return DocumentFile.Parse(file) ?? throw ArtifactCorruptException.OfDocument(name, _location);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // Nothing waits for the disk while the lock is held: a process that is frozen then holds up every other writer until it wakes or dies.
    public async Task<string?> Write(string name, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        (byte[] file, string eTag) = DocumentFile.Make(content.Span);
        string temporary = await DiskThreads.Run(() => _temporary.Write(file), cancellationToken).ConfigureAwait(false);
        try
        {
            bool isWritten = await Locked(
                name,
                () =>
                {
                    if (Read(name)?.ETag != expectedETag) return false;
                    DurableFile.Move(temporary, path);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            if (!isWritten) return null;
        }
        finally
        {
            File.Delete(temporary); // does nothing where it was moved
        }

        await DiskThreads.Run(() => DurableFile.Settle(path), CancellationToken.None).ConfigureAwait(false);
        return eTag;
    }

    public async Task<bool> Delete(string name, string expectedETag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(expectedETag);
        string path = PathOf(name);
        bool isDeleted = await Locked(
            name,
            () =>
            {
                if (Read(name)?.ETag != expectedETag) return false;
                File.Delete(path);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        if (isDeleted) await DiskThreads.Run(() => DurableFile.Settle(path), CancellationToken.None).ConfigureAwait(false);
        return isDeleted;
    }

    public IReadOnlyList<string> List(string prefix)
    {
        DocumentName.RequirePrefix(prefix);
        string folder = Path.Combine(_root, prefix[..(prefix.LastIndexOf('/') + 1)]);
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.EnumerateFiles(folder, "*" + Ending, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_root, file)[..^Ending.Length].Replace(Path.DirectorySeparatorChar, '/'))
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    public void Dispose() => Array.ForEach(_inProcess, gate => gate.Dispose());

    private async Task<T> Locked<T>(string name, Func<T> action, CancellationToken cancellationToken)
    {
        DocumentName.Require(name);
        int index = Convert.ToInt32(Digest.Of(System.Text.Encoding.ASCII.GetBytes(name)).Hex[..2], 16) % LockCount;
        // Threads of one process queue here, so that only one of them asks for the file again and again.
        await _inProcess[index].WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string path = Path.Combine(_locks, $"documents-{index:d2}");
            using FileLock held = await FileLock.Take(path, cancellationToken).ConfigureAwait(false);
            return action();
        }
        finally
        {
            _inProcess[index].Release();
        }
    }

    private string PathOf(string name)
    {
        DocumentName.Require(name);
        return Path.Combine(_root, name + Ending);
    }
}
