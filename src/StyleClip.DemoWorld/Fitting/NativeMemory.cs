using System.Runtime.InteropServices;

namespace StyleClip.DemoWorld.Fitting;

/// <summary>
/// glibc hands every large buffer back to the system and fetches it again at the next step, so that page faults cost more than
/// the arithmetic of small networks. Keeping the memory made a step three times as fast.
/// </summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1, MmapMax = -4, ArenaMax = -8;

    public static void KeepFreedBuffers()
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = SetOption(ArenaMax, 1);
        _ = SetOption(MmapMax, 0);
        _ = SetOption(TrimThreshold, int.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetOption(int option, int value);
}
