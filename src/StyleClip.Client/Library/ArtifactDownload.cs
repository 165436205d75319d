using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using StyleClip.Client.Http;
using StyleClip.Contracts.Library;

namespace StyleClip.Client.Library;

/// <summary>
/// Brings the bytes of one artifact into a file of its own, over as many connections as it takes, and verifies them. The file counts for
/// nothing until <see cref="Run"/> has returned.
/// </summary>
internal sealed class ArtifactDownload(GatewayConnection connection, ArtifactRef artifact, string part)
{
    private const int BufferBytes = 1 << 17;

    // In a row and without a byte in between; a pull that gets on is not given up.
    private const int MaxBreaks = 6;

    /// <exception cref="ArtifactRejectedException">What arrived is not the artifact; the file is gone.</exception>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async Task Run(CancellationToken cancellationToken)
    {
        bool isContinued = new FileInfo(part) is { Exists: true, Length: > 0 };
        await Receive(cancellationToken).ConfigureAwait(false);
        if (await Fault(cancellationToken).ConfigureAwait(false) is not { } fault) return;
        File.Delete(part);
        if (!isContinued) throw new ArtifactRejectedException(artifact.Digest, fault);

        // What an earlier pull had left may have been the fault.
        await Receive(cancellationToken).ConfigureAwait(false);
        if (await Fault(cancellationToken).ConfigureAwait(false) is not { } still) return;
        File.Delete(part);
        throw new ArtifactRejectedException(artifact.Digest, still);
    }

    private async Task Receive(CancellationToken cancellationToken)
    {
        var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            if (file.Length > artifact.SizeBytes) file.SetLength(0);
            file.Seek(0, SeekOrigin.End);
            var backoff = new Backoff(connection.Options.Time);
            int breaks = 0;
            while (file.Position < artifact.SizeBytes)
            {
                long before = file.Position;
                try
                {
                    await ReceiveRest(file, cancellationToken).ConfigureAwait(false);
                    if (file.Position >= artifact.SizeBytes) break;
                    throw new IOException($"The connection ended after {file.Position:n0} of {artifact.SizeBytes:n0} bytes.");
                }
                catch (Exception exception) when (exception is HttpRequestException or (IOException and not ArtifactRejectedException and not GatewayUnreachableException))
                {
                    if (file.Position > before) (breaks, backoff) = (0, new Backoff(connection.Options.Time));
                    if (++breaks >= MaxBreaks) throw new GatewayUnreachableException(connection.Gateway, exception);
                }

                await backoff.Wait(cancellationToken).ConfigureAwait(false);
            }

            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true); // the name must not outlive the bytes
        }
    }

    private async Task ReceiveRest(FileStream file, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await Ask(file.Position, cancellationToken).ConfigureAwait(false);
        bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Position;
        if (!continues)
        {
            if (response.StatusCode == HttpStatusCode.PartialContent) throw new ArtifactRejectedException(artifact.Digest, "the gateway sent another range than was asked for");
            file.SetLength(0); // the whole, from the beginning
        }

        if ((continues ? response.Content.Headers.ContentRange?.Length : response.Content.Headers.ContentLength) is { } size && size != artifact.SizeBytes)
            throw new ArtifactRejectedException(artifact.Digest, $"the gateway has {size:n0} bytes under this digest instead of {artifact.SizeBytes:n0}");

        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = await ReadSome(body, buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (file.Position + read > artifact.SizeBytes)
            {
                file.SetLength(0);
                throw new ArtifactRejectedException(artifact.Digest, $"it has {artifact.SizeBytes:n0} bytes, and more arrived");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<HttpResponseMessage> Ask(long from, CancellationToken cancellationToken) => connection.Send(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, ArtifactsClient.Path(artifact.Digest));
            if (from == 0) return request;
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue($"\"{artifact.Digest}\""));
            return request;
        },
        cancellationToken);

    private async Task<int> ReadSome(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = connection.Options.Time.CreateTimer(_ => limit.Cancel(), null, connection.Options.Silence, Timeout.InfiniteTimeSpan);
        try
        {
            return await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No byte arrived for {connection.Options.Silence.TotalSeconds:0} s.");
        }
    }

    // What is wrong with the file; null where it is the artifact.
    private async Task<string?> Fault(CancellationToken cancellationToken)
    {
        FileStream content = File.OpenRead(part);
        await using (content.ConfigureAwait(false))
        {
            if (content.Length != artifact.SizeBytes) return $"it has {content.Length:n0} bytes instead of {artifact.SizeBytes:n0}";
            Digest found = Digest.FromHash(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
            return found == artifact.Digest ? null : $"its bytes have the digest {found}";
        }
    }
}
