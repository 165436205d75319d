using Microsoft.Win32.SafeHandles;

namespace StyleClip.Models.Weights;

/// <summary>
/// Reads the files that torch.save and torch.jit.save write: the zip layout, the layout before PyTorch 1.6, and TorchScript archives.
/// The pickle inside is interpreted by a machine that knows tensors, plain containers and scalars; anything else is refused by name and
/// nothing is ever executed.
/// </summary>
public static class TorchFileReader
{
    private const uint ZipSignature = 0x04034b50;

    /// <summary>Opens a file and reads its structure; tensor data is read on demand.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="WeightsException">The file is damaged, too large in some respect or refers to something that is not data.</exception>
    public static TorchFile Read(string path)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            Span<byte> start = stackalloc byte[sizeof(uint)];
            bool isZip = RandomAccess.Read(handle, start, 0) == start.Length && BitConverter.ToUInt32(start) == ZipSignature;
            return isZip ? TorchZipLayout.Read(path, handle) : TorchLegacyLayout.Read(path, handle);
        }
        catch (Exception error)
        {
            handle.Dispose();
            if (WeightsException.IsDamage(error)) throw WeightsException.Damaged(path, error);
            throw;
        }
    }
}
