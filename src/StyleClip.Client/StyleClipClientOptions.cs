namespace StyleClip.Client;

/// <summary>How a <see cref="StyleClipClient"/> behaves.</summary>
public sealed record StyleClipClientOptions
{
    /// <summary>Longest wait for the beginning of an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often a request is sent that meets no gateway, or one that cannot serve at the moment. Between two tries the wait doubles, from
    /// half a second to ten.
    /// </summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Longest silence on a stream of events or of bytes; the gateway says every 15 s that it lives. Then the connection is made anew.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>What carries the requests; absent: a pool of connections of the client's own. Disposed with the client.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock that waits go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
