using System.Globalization;

namespace StyleClip.TestServers;

/// <summary>A Redis that keeps nothing on the disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private RedisServer(ServerProcess process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens, on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>How to reach it.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts one on a free port, or on <paramref name="port"/>.</summary>
    public static async Task<RedisServer> Start(CancellationToken cancellationToken, int? port = null)
    {
        (ServerProcess process, int chosen) = await ServerProcess.Start(
            "Redis",
            "Ready to accept connections",
            free =>
            [
                TestTools.Program("redis-server"), "--port", free.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", Path.GetTempPath(),
            ],
            cancellationToken,
            port);
        return new RedisServer(process, chosen);
    }

    /// <summary>Kills it; what it kept is gone.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
