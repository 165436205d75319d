using System.Runtime.InteropServices;

namespace StyleClip.Storage.Artifacts;

/// <summary>Makes files appear under their name whole or not at all, also across a power cut.</summary>
internal static class DurableFile
{
    private const int OpenReadOnly = 0;

    /// <summary>Moves a file, whose bytes are on the disk, to its name in the same file system, replacing what is there.</summary>
    public static void Publish(string temporary, string path)
    {
        Move(temporary, path);
        Settle(path);
    }

    /// <summary>Moves a file to its name. It stays there over a power cut after <see cref="Settle"/> alone.</summary>
    public static void Move(string temporary, string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) CreateFolder(folder);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Brings to the disk that a file has this name, or that there is none of this name any more.</summary>
    public static void Settle(string path) => FlushFolder(Path.GetDirectoryName(path)!);

    private static void CreateFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        FlushFolder(Path.GetDirectoryName(folder)!);
    }

    // .NET cannot open a folder, and a rename is on the disk only when the folder is. Windows flushes them by itself.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, OpenReadOnly);
        if (descriptor < 0) return; // somebody removed it: nothing to keep
        _ = Flush(descriptor); // file systems that cannot flush folders say so here, and need not
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
