using System.Text.Json;
using StackExchange.Redis;
using StyleClip.Cluster.Hosting;
using StyleClip.TestServers;

namespace StyleClip.Faults.Tests;

/// <summary>The membership that a Redis keeps, read as an operator would read it.</summary>
internal sealed class RedisMembership : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;

    private RedisMembership(ConnectionMultiplexer connection) => _connection = connection;

    public static async Task<RedisMembership> Open(RedisServer redis) => new(await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString));

    /// <summary>Name and status of every process that has joined, in ordinal order.</summary>
    public async Task<IReadOnlyList<(string Node, SiloStatus Status)>> Rows()
    {
        HashEntry[] fields = await _connection.GetDatabase().HashGetAllAsync($"styleclip/members/{StoreClusterOptions.DefaultClusterId}");
        return [.. fields.Where(field => field.Name != "Version").Select(field => Row(field.Value!)).Order()];
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static (string Node, SiloStatus Status) Row(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return (json.RootElement.GetProperty("SiloName").GetString()!, (SiloStatus)json.RootElement.GetProperty("Status").GetInt32());
    }
}
