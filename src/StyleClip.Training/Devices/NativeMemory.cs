using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StyleClip.Training.Devices;

/// <summary>
/// Keeps resident memory flat. glibc's allocator keeps freed blocks between blocks in use; with the sizes of a training step a process
/// grows by tens of megabytes a step though no tensor is left behind. Giving the free pages back every few steps costs nothing measurable;
/// slow steps are large ones, which leave more behind.
/// </summary>
public sealed class NativeMemory
{
    private const int StepsBetweenTrims = 15;
    private static readonly TimeSpan TimeBetweenTrims = TimeSpan.FromSeconds(5);

    private static bool s_hasTrim = OperatingSystem.IsLinux();
    private int _steps;
    private long _trimmed = Stopwatch.GetTimestamp();

    /// <summary>Counts a step, and trims every 15th, or after 5 seconds.</summary>
    public void AfterStep()
    {
        if (++_steps % StepsBetweenTrims != 0 && Stopwatch.GetElapsedTime(_trimmed) < TimeBetweenTrims) return;
        Trim();
        _trimmed = Stopwatch.GetTimestamp();
    }

    /// <summary>Gives free pages back to the system, where the C library can.</summary>
    public static void Trim()
    {
        if (!s_hasTrim) return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            s_hasTrim = false; // a C library other than glibc
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);
}
