using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StyleClip.Cli.Tests;

/// <summary>Signals to processes that a test started.</summary>
internal static partial class Signals
{
    private const int Interrupt = 2;

    /// <summary>SIGKILL: the process ends wherever it is.</summary>
    public static void Kill(int processId) => Process.GetProcessById(processId).Kill();

    /// <summary>SIGINT, as Ctrl-C sends.</summary>
    public static void CtrlC(int processId) => Assert.Equal(0, Send(processId, Interrupt));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int processId, int signal);
}
