namespace StyleClip.Client.Library;

/// <summary>Files that appear whole or not at all.</summary>
internal static class CacheFile
{
    public static async Task Write(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string partial = $"{path}.{Guid.NewGuid():n}.partial";
        try
        {
            await File.WriteAllBytesAsync(partial, content, cancellationToken).ConfigureAwait(false);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial); // nothing, where it was moved
        }
    }
}
