using System.Collections.Concurrent;
using System.Diagnostics;

namespace StyleClip.TestServers;

/// <summary>A server program that runs for a test, and ends with it: also where the test program is killed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int StartsToTry = 3;
    private const int LinesInMessages = 40;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    // The shell becomes the server. Its child reads from the test program until that closes the pipe or dies, and then kills the server.
    private const string Tied = "exec 3<&0; (cat <&3 >/dev/null; kill -9 $$) >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _name;
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string name, string readyLine, ProcessStartInfo start)
    {
        _name = name;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        DataReceivedEventHandler heard = (_, line) =>
        {
            if (line.Data is null) return;
            _log.Enqueue(line.Data);
            if (line.Data.Contains(readyLine, StringComparison.Ordinal)) _ready.TrySetResult();
        };
        _process.OutputDataReceived += heard;
        _process.ErrorDataReceived += heard;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"{_name} ended before it was ready."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it has printed.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts a server on a free port and waits until it says that it is ready.</summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="readyLine">A part of the line that it prints when it is ready.</param>
    /// <param name="command">Program and arguments, for a port.</param>
    /// <param name="cancellationToken">Ends the wait, and the server.</param>
    /// <param name="port">The port, where it must be this one.</param>
    public static async Task<(ServerProcess Server, int Port)> Start(
        string name, string readyLine, Func<int, string[]> command, CancellationToken cancellationToken, int? port = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            int chosen = port ?? FreePort.Find();
            var start = new ProcessStartInfo("/bin/sh", ["-c", Tied, "sh", .. command(chosen)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var server = new ServerProcess(name, readyLine, start);
            try
            {
                await server._ready.Task.WaitAsync(StartLimit, cancellationToken);
                return (server, chosen);
            }
            catch (Exception exception)
            {
                await server.DisposeAsync();
                if (exception is OperationCanceledException) throw;
                // Another program may have taken the port since it was found free.
                if (exception is InvalidOperationException && attempt < StartsToTry) continue;
                throw new InvalidOperationException($"{name} did not start: '{readyLine}' was not printed. It said:\n{server.LastLines()}", exception);
            }
        }
    }

    /// <summary>Kills it as SIGKILL does, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(EndLimit);
        await _process.WaitForExitAsync(limit.Token); // and until its last line is in the log
        _process.Dispose();
    }

    private string LastLines() => string.Join('\n', _log.TakeLast(LinesInMessages));
}
