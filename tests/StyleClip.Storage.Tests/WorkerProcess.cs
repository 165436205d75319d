using System.Diagnostics;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Tests;

/// <summary>A second process that uses a store: tests/StyleClip.Storage.Worker.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static WorkerProcess Start(params string[] arguments) => Start(null, arguments);

    /// <summary>Starts one with the account of <c>azure://</c> in its environment.</summary>
    public static WorkerProcess Start(string? connectionString, string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "StyleClip.Storage.Worker.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (connectionString is not null) start.Environment[ArtifactStores.ConnectionStringVariable] = connectionString;
        return new WorkerProcess(Process.Start(start)!);
    }

    public async Task<string> ReadLine(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), cancellationToken)
        ?? throw new InvalidOperationException("The process ended before it said anything.");

    public async Task<int> Ended(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends the process as SIGKILL does: nothing of it runs any more.</summary>
    public async Task Kill(CancellationToken cancellationToken)
    {
        _process.Kill();
        await Ended(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
