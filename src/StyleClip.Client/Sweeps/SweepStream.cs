using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using StyleClip.Client.Http;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Client.Sweeps;

/// <summary>The events of a sweep over as many connections as it takes.</summary>
internal sealed class SweepStream(GatewayConnection connection, string path)
{
    private readonly Backoff _backoff = new(connection.Options.Time);
    private string? _cursor;

    /// <summary>True once the gateway has said that nothing more will come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Updates of one connection.</summary>
    /// <exception cref="GatewayException">The gateway refused for good.</exception>
    public async IAsyncEnumerable<SweepUpdate> Read(IProgress<Exception>? interruptions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<ServerEvent> events = Connect(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await Next(events, interruptions, cancellationToken).ConfigureAwait(false) is { } happened)
        {
            _backoff.Reset();
            _cursor = happened.Id ?? _cursor;
            if (happened.Name == "update") yield return GatewayConnection.Parse<SweepUpdate>(Encoding.UTF8.GetBytes(happened.Data));
            HasEnded = happened.Name == "end";
            if (HasEnded) yield break;
        }
    }

    public Task WaitBeforeRetry(CancellationToken cancellationToken) => _backoff.Wait(cancellationToken);

    private async IAsyncEnumerable<ServerEvent> Connect([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await connection.SendOnce(Request, cancellationToken).ConfigureAwait(false);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await foreach (ServerEvent happened in EventReader.Read(body, connection.Options.Silence, connection.Options.Time, cancellationToken).ConfigureAwait(false))
            yield return happened;
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/event-stream" } } };
        if (_cursor is not null) request.Headers.Add("Last-Event-ID", _cursor);
        return request;
    }

    // Null: the connection is over, one way or the other.
    private static async Task<ServerEvent?> Next(IAsyncEnumerator<ServerEvent> events, IProgress<Exception>? interruptions, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false) ? events.Current : null;
        }
        catch (Exception exception) when (IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            interruptions?.Report(exception);
            return null;
        }
    }

    private static bool IsPassing(Exception exception) =>
        exception is IOException or HttpRequestException or GatewayException { StatusCode: >= HttpStatusCode.InternalServerError };
}
