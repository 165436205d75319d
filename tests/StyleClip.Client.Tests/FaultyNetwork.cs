using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace StyleClip.Client.Tests;

/// <summary>What lies between client and gateway: lets everything pass, notes it, and spoils what it is told to.</summary>
internal sealed class FaultyNetwork() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentQueue<(HttpRequestMessage Request, HttpResponseMessage Response)> _seen = new();

    /// <summary>Answers instead of the gateway; null: the gateway answers.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Instead { get; set; } = _ => null;

    /// <summary>Changes the body of an answer; null: it stays.</summary>
    public Func<HttpRequestMessage, byte[], Stream?> Body { get; set; } = (_, _) => null;

    /// <summary>Cuts streams of events after this many bytes; null: not.</summary>
    public Func<int?> CutEventsAfter { get; set; } = () => null;

    /// <summary>Requests that were answered, such as <c>GET /v1/catalogue/x 304</c>.</summary>
    public IEnumerable<string> Seen => _seen.Select(exchange => $"{exchange.Request.Method} {exchange.Request.RequestUri!.AbsolutePath} {(int)exchange.Response.StatusCode}");

    public IEnumerable<RangeHeaderValue?> Ranges(string path) =>
        _seen.Where(exchange => exchange.Request.RequestUri!.AbsolutePath == path).Select(exchange => exchange.Request.Headers.Range);

    public void Forget() => _seen.Clear();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = Instead(request) ?? await base.SendAsync(request, cancellationToken);
        _seen.Enqueue((request, response));
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            if (CutEventsAfter() is { } bytes) response.Content = Replaced(response, new CutStream(await response.Content.ReadAsStreamAsync(cancellationToken), bytes), length: null);
        }
        else if (response.IsSuccessStatusCode)
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            Stream changed = Body(request, body) ?? new MemoryStream(body);
            response.Content = Replaced(response, changed, changed.CanSeek ? changed.Length : body.Length);
        }

        return response;
    }

    private static StreamContent Replaced(HttpResponseMessage response, Stream body, long? length)
    {
        var content = new StreamContent(body);
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers.Where(header => header.Key != "Content-Length")) content.Headers.TryAddWithoutValidation(name, values);
        content.Headers.ContentLength = length;
        return content;
    }
}

/// <summary>A connection that breaks after some bytes.</summary>
internal sealed class CutStream(Stream inner, int bytes) : Stream
{
    private int _left = bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0) throw new IOException("The connection was cut.");
        int read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // nothing is written
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
