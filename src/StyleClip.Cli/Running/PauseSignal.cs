using System.Runtime.InteropServices;

namespace StyleClip.Cli.Running;

/// <summary>
/// Turns the first Ctrl-C or termination signal into a pause. The second one ends the process at once; nothing is lost by that but the
/// steps since the last checkpoint.
/// </summary>
internal sealed class PauseSignal : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Func<Task> _pause;
    private int _signals;

    public PauseSignal(Func<Task> pause)
    {
        _pause = pause;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1) return;
        context.Cancel = true;
        _ = Task.Run(_pause); // watching the sweep shows that it took effect
    }
}
