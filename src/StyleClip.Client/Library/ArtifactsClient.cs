using System.Net;
using System.Net.Http.Headers;
using StyleClip.Client.Http;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Problems;

namespace StyleClip.Client.Library;

/// <summary>Immutable bytes of a cluster by digest.</summary>
public sealed class ArtifactsClient
{
    private readonly GatewayConnection _connection;

    internal ArtifactsClient(GatewayConnection connection) => _connection = connection;

    /// <summary>True where the cluster's store holds the artifact.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async Task<bool> Exists(Digest digest, CancellationToken cancellationToken = default)
    {
        try
        {
            using HttpResponseMessage response = await _connection.Send(() => new HttpRequestMessage(HttpMethod.Head, Path(digest)), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (GatewayException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Puts a latent file into the cluster's store, unless it is there. Its digest is what a spec's bank then stands for.</summary>
    /// <param name="file">A safetensors file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The artifact.</returns>
    /// <exception cref="GatewayException">The gateway refused: <see cref="ProblemTypes.InvalidArtifact"/>, <see cref="ProblemTypes.TooLarge"/>.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async Task<ArtifactRef> Upload(string file, CancellationToken cancellationToken = default)
    {
        Digest digest;
        long size;
        FileStream content = File.OpenRead(file);
        await using (content.ConfigureAwait(false)) (size, digest) = (content.Length, await Digest.OfAsync(content, cancellationToken).ConfigureAwait(false));
        if (!await Exists(digest, cancellationToken).ConfigureAwait(false))
        {
            using HttpResponseMessage response = await _connection.Send(
                () => new HttpRequestMessage(HttpMethod.Put, Path(digest))
                {
                    Content = new StreamContent(File.OpenRead(file)) { Headers = { ContentType = new MediaTypeHeaderValue(MediaTypes.Safetensors) } },
                },
                cancellationToken).ConfigureAwait(false);
        }

        return new ArtifactRef(digest, size, MediaTypes.Safetensors);
    }

    internal static string Path(Digest digest) => $"artifacts/{digest}";
}
