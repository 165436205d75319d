using System.Diagnostics;
using System.Net.Sockets;
using StyleClip.TestServers;

namespace StyleClip.Storage.Tests.Servers;

/// <summary>The servers that tests lean on.</summary>
public sealed class ServerProcessTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_listens_and_is_gone_afterwards()
    {
        RedisServer redis = await RedisServer.Start(Ct);
        int process = redis.ProcessId;
        Assert.Equal("+PONG", await Ping(redis.Port));

        await redis.DisposeAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(process));
        await Assert.ThrowsAsync<SocketException>(() => Ping(redis.Port));
    }

    [Fact]
    public async Task A_prometheus_answers_queries()
    {
        await using PrometheusServer prometheus = await PrometheusServer.Start("scrape_configs: []", Ct);
        using var http = new HttpClient();
        Assert.Contains("\"2\"", await http.GetStringAsync(new Uri(prometheus.Address, "api/v1/query?query=1%2B1"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_what_it_printed()
    {
        InvalidOperationException failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ServerProcess.Start("The server", "ready", _ => ["/bin/echo", "no such option"], Ct));
        Assert.Contains("no such option", failed.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> Ping(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Ct);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), Ct);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(Ct);
    }
}
