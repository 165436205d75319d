using System.Runtime.CompilerServices;
using System.Text;

namespace StyleClip.Client.Http;

/// <summary>
/// Reads server-sent events. Not the platform's parser: that hides comments, by which the gateway says that a silent stream lives.
/// </summary>
internal static class EventReader
{
    /// <summary>Events until the stream ends.</summary>
    /// <param name="stream">The body of the answer.</param>
    /// <param name="silence">Longest time without a line.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The connection broke, or was silent for too long.</exception>
    public static async IAsyncEnumerable<ServerEvent> Read(Stream stream, TimeSpan silence, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        (string name, string? id, StringBuilder data) = ("message", null, new StringBuilder());
        while (await Line(reader, silence, time, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0) yield return new ServerEvent(name, id, data.ToString());
                (name, id) = ("message", null);
                data.Clear();
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue; // a comment, or a field without a value
            string value = line[(colon + 1)..].TrimStart(' ');
            switch (line[..colon])
            {
                case "event": name = value; break;
                case "id": id = value; break;
                case "data": data.Append(data.Length == 0 ? "" : "\n").Append(value); break;
            }
        }
    }

    private static async Task<string?> Line(StreamReader reader, TimeSpan silence, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = time.CreateTimer(_ => limit.Cancel(), null, silence, Timeout.InfiniteTimeSpan);
        try
        {
            return await reader.ReadLineAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The stream of events was silent for {silence.TotalSeconds:0} s.");
        }
    }
}
