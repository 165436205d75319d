using System.Runtime.InteropServices;

namespace StyleClip.Faults.Tests;

/// <summary>Signals to processes that a test started.</summary>
internal static partial class Signals
{
    /// <summary>SIGKILL: the process ends wherever it is.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM: the process is asked to end.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT: a stopped process goes on.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP: the process stands still, its connections stay open.</summary>
    public const int Stop = 19;

    public static void Send(int process, int signal) => Assert.Equal(0, SendTo(process, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendTo(int process, int signal);
}
