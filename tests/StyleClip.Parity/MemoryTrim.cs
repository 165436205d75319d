using System.Runtime.InteropServices;

namespace StyleClip.Parity;

/// <summary>Hands freed tensor memory back to the system between files: glibc keeps it otherwise, and the networks are large.</summary>
internal static partial class MemoryTrim
{
    public static void ReturnFreedMemory()
    {
        if (OperatingSystem.IsLinux()) _ = Trim(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
