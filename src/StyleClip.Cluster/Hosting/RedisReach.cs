using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace StyleClip.Cluster.Hosting;

/// <summary>Looks whether a Redis answers, before a process relies on it: a client of the cluster would wait for it without end.</summary>
public static partial class RedisReach
{
    private const string Form = "must be a Redis connection string, such as 10.0.0.5:6379,password=SECRET";

    /// <summary>What is wrong with a connection string, in one sentence without its secrets; null where a Redis answers.</summary>
    /// <param name="place">What the user calls it.</param>
    /// <param name="connection">StackExchange.Redis connection string.</param>
    /// <param name="cancellationToken">Ends the wait, which the string's own time limits end otherwise.</param>
    public static async Task<string?> Mistake(string place, string connection, CancellationToken cancellationToken) =>
        await Problem(connection, cancellationToken) is { } problem ? $"{place} is '{Setting().Replace(connection, "=***")}'; it {problem}." : null;

    private static async Task<string?> Problem(string connection, CancellationToken cancellationToken)
    {
        try
        {
            ConfigurationOptions options = ConfigurationOptions.Parse(connection);
            if (options.EndPoints.Count == 0) return $"{Form}: it names no server";
            options.AbortOnConnectFail = true; // else the attempt goes on behind the scenes
            await using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellationToken);
            await multiplexer.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return null;
        }
        catch (ArgumentException exception)
        {
            return $"{Form}: {exception.Message.Split(" (Parameter")[0].TrimEnd('.')}";
        }
        catch (RedisConnectionException exception) when (exception.FailureType == ConnectionFailureType.AuthenticationFailure)
        {
            return "must carry the name and password that its Redis asks for";
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return "must be a Redis that answers: no connection to it could be made";
        }
    }

    // All of them: the one that is misspelled may be the password.
    [GeneratedRegex("=[^,]*")]
    private static partial Regex Setting();
}
