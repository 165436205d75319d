using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StyleClip.Models;

/// <summary>
/// Asks PyTorch for memory in pages of 2 MB, for tensors of that size and more. Large tensors are new pages from the kernel each time; at
/// 1024 pixels a step spent a third of its processor time on clearing pages of 4 KB one by one. PyTorch reads the setting from the
/// environment of the C library, at its first tensor.
/// </summary>
internal static class LargePages
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "whatever uses a network comes through this assembly, and no earlier than its first tensor")]
    internal static void Ask()
    {
        if (OperatingSystem.IsLinux()) _ = SetEnvironment("THP_MEM_ALLOC_ENABLE", "1", overwrite: 0); // the user's own setting stays
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressMessage("Globalization", "CA2101", Justification = "the C library takes bytes")]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
