using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace StyleClip.Faults.Tests;

/// <summary>A node as its users run it: <c>styleclip node</c>, a process of its own. It ends with the test program, also when that is killed.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const int LinesInMessages = 40;

    // The shell becomes the node. Its child reads from the test program until that closes the pipe or dies, and then kills the node.
    private const string Tied = "exec 3<&0; (cat <&3 >/dev/null; kill -9 $$) >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(40);
    private static readonly string Program = typeof(NodeProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Program").Value!;

    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int? _exitCode;

    private NodeProcess(string name, ProcessStartInfo start)
    {
        Name = name;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        DataReceivedEventHandler heard = (_, line) =>
        {
            if (line.Data is null) return;
            _log.Enqueue(line.Data);
            if (line.Data.Contains(" is ready: ", StringComparison.Ordinal)) _ready.TrySetResult();
        };
        _process.OutputDataReceived += heard;
        _process.ErrorDataReceived += heard;
        _process.Exited += (_, _) =>
        {
            _exitCode = _process.ExitCode;
            _exited.TrySetResult(_process.ExitCode);
            _ready.TrySetException(new InvalidOperationException($"Node {name} ended before it was ready."));
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>What it printed last.</summary>
    public string Tail => $"--- {Name} ({(_exitCode is { } code ? $"ended with {code}" : "runs")}):\n{string.Join('\n', _log.TakeLast(LinesInMessages))}";

    /// <summary>Kills it, and waits until it is gone.</summary>
    public async Task Kill()
    {
        Send(Signals.Kill);
        Assert.Equal(128 + Signals.Kill, await Exit(KillLimit));
    }

    /// <summary>Starts a node and waits until it says that it is ready.</summary>
    public static async Task<NodeProcess> Start(string name, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        NodeProcess node = Launch(name, environment, arguments);
        try
        {
            await node._ready.Task.WaitAsync(StartLimit, TestContext.Current.CancellationToken);
            return node;
        }
        catch (Exception exception)
        {
            await node.DisposeAsync();
            throw new InvalidOperationException($"Node {name} did not start.\n{node.Tail}", exception);
        }
    }

    /// <summary>Starts a node without waiting for it.</summary>
    public static NodeProcess Launch(string name, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Tied, "sh", Program, "node", "--name", name, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment) start.Environment[key] = value;
        return new NodeProcess(name, start);
    }

    public void Send(int signal) => Signals.Send(Id, signal);

    /// <summary>Its exit status; where a signal ended it, 128 and the signal.</summary>
    public async Task<int> Exit(TimeSpan limit)
    {
        try
        {
            return await _exited.Task.WaitAsync(limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Node {Name} did not end within {limit.TotalSeconds:0} s.\n{Tail}");
        }
    }

    /// <summary>Kills it, if it still runs, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _exited.Task.WaitAsync(StartLimit, CancellationToken.None);
        _process.Dispose();
    }
}
