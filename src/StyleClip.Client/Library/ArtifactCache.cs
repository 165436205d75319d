using System.Collections.Concurrent;
using StyleClip.Client.Http;
using StyleClip.Contracts.Library;

namespace StyleClip.Client.Library;

/// <summary>Artifacts in a folder by digest: <c>sha256/AB/ABCD...</c>. Beside them lie the parts of pulls that are not complete.</summary>
internal sealed class ArtifactCache(GatewayConnection connection, string folder, bool offline)
{
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(100);

    // One fetch per artifact: who comes later waits for the same one.
    private readonly ConcurrentDictionary<Digest, Lazy<Task<string>>> _fetches = new();
    private readonly ConcurrentDictionary<Digest, bool> _verified = new();

    public async Task<string> Fetch(ArtifactRef artifact, CancellationToken cancellationToken)
    {
        // The fetch itself belongs to no caller: one who gives up must not end it for the others.
        Lazy<Task<string>> fetch = _fetches.GetOrAdd(artifact.Digest, _ => new Lazy<Task<string>>(() => FetchAlone(artifact, cancellationToken)));
        try
        {
            return await fetch.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The caller who had begun it gave up: begin again.
            _fetches.TryRemove(KeyValuePair.Create(artifact.Digest, fetch));
            return await Fetch(artifact, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _fetches.TryRemove(KeyValuePair.Create(artifact.Digest, fetch));
        }
    }

    private async Task<string> FetchAlone(ArtifactRef artifact, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, "sha256", artifact.Digest.Hex[..2], artifact.Digest.Hex);
        if (await IsWhole(artifact, path, cancellationToken).ConfigureAwait(false)) return path;
        if (offline) throw new NotCachedException($"Artifact {artifact.Digest}", folder);

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string parts = Directory.CreateDirectory(Path.Combine(folder, "parts")).FullName;
        FileStream alone = await Lock(Path.Combine(parts, artifact.Digest.Hex + ".lock"), cancellationToken).ConfigureAwait(false);
        await using (alone.ConfigureAwait(false))
        {
            // Another process may have pulled it meanwhile.
            if (await IsWhole(artifact, path, cancellationToken).ConfigureAwait(false)) return path;
            string part = Path.Combine(parts, artifact.Digest.Hex + ".part");
            await new ArtifactDownload(connection, artifact, part).Run(cancellationToken).ConfigureAwait(false);
            File.Move(part, path, overwrite: true);
            _verified[artifact.Digest] = true;
            return path;
        }
    }

    // A file that was whole once in this process is trusted; others may have been touched since they were pulled.
    private async Task<bool> IsWhole(ArtifactRef artifact, string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length != artifact.SizeBytes) return false;
        if (_verified.ContainsKey(artifact.Digest)) return true;
        FileStream content = File.OpenRead(path);
        await using (content.ConfigureAwait(false))
        {
            if (await Digest.OfAsync(content, cancellationToken).ConfigureAwait(false) != artifact.Digest) return false;
        }

        _verified[artifact.Digest] = true;
        return true;
    }

    private async Task<FileStream> Lock(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockRetry, connection.Options.Time, cancellationToken).ConfigureAwait(false); // another process is pulling it
            }
        }
    }
}
