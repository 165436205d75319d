using Microsoft.Win32.SafeHandles;

namespace StyleClip.Models.Weights;

/// <summary>
/// Reads the files that torch.save and torch.jit.save write: the zip layout, the layout before PyTorch 1.6, and TorchScript archives;
/// and bare pickles of tensors and NumPy arrays, NVIDIA's among them.
/// The pickle inside is interpreted by a machine that knows tensors, plain containers and scalars; anything else is refused by name and
/// nothing is ever executed.
/// </summary>
public static class TorchFileReader
{
    private const uint ZipSignature = 0x04034b50;
    private const byte ProtocolOpcode = 0x80;

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
            int read = RandomAccess.Read(handle, start, 0);
            if (read == start.Length && BitConverter.ToUInt32(start) == ZipSignature) return TorchZipLayout.Read(path, handle);
            if (TorchLegacyLayout.IsBegin(handle)) return TorchLegacyLayout.Read(path, handle);
            if (read > 2 && start[0] == ProtocolOpcode && start[1] <= 5) return TorchPickleLayout.Read(path, handle);
            throw new InvalidDataException("the file is neither a zip archive nor begins with PyTorch's magic number; it is no PyTorch file or is damaged");
        }
        catch (Exception error)
        {
            handle.Dispose();
            if (WeightsException.IsDamage(error)) throw WeightsException.Damaged(path, error);
            throw;
        }
    }
}
