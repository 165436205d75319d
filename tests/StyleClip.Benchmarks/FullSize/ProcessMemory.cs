using System.Globalization;

namespace StyleClip.Benchmarks.FullSize;

/// <summary>What the kernel says about this process's memory.</summary>
internal static class ProcessMemory
{
    /// <summary>Largest resident set so far, bytes.</summary>
    public static long Peak => Read("VmHWM:");

    /// <summary>Resident set, bytes.</summary>
    public static long Resident => Read("VmRSS:");

    private static long Read(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
