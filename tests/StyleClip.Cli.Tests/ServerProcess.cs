using System.Collections.Concurrent;
using System.Diagnostics;

namespace StyleClip.Cli.Tests;

/// <summary>A <c>styleclip</c> that serves: a node or a gateway. It ends with the test program, also when that is killed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // The shell becomes the server. Its child holds the pipe from the test program, and kills the server when that closes.
    private const string TiedToThisProgram = "exec 3<&0; (cat <&3 >/dev/null; kill -9 $$) >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private ServerProcess(ProcessStartInfo start, string readyLine)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        DataReceivedEventHandler heard = (_, line) =>
        {
            if (line.Data is null) return;
            _lines.Enqueue(line.Data);
            if (line.Data.Contains(readyLine, StringComparison.Ordinal)) _ready.TrySetResult();
        };
        _process.OutputDataReceived += heard;
        _process.ErrorDataReceived += heard;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("It ended before it was ready."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Everything it printed.</summary>
    public string Output => string.Join('\n', _lines);

    public static async Task<ServerProcess> Start(string folder, string readyLine, string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", TiedToThisProgram, "sh", StyleClipProgram.Executable, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var server = new ServerProcess(start, readyLine);
        try
        {
            await server._ready.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            return server;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"styleclip {string.Join(' ', arguments)} never said '{readyLine}':\n{server.Output}", exception);
        }
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
