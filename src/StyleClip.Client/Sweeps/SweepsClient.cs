using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using StyleClip.Client.Http;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Client.Sweeps;

/// <summary>Sweeps of a cluster.</summary>
public sealed class SweepsClient
{
    private const string Yaml = "application/yaml";

    private readonly GatewayConnection _connection;

    internal SweepsClient(GatewayConnection connection) => _connection = connection;

    /// <summary>Submits a sweep. The same spec is the same sweep: submitting it again starts only what is paused.</summary>
    /// <param name="spec">The spec, YAML or JSON.</param>
    /// <param name="latents">Digest of the latent file, where the spec names one by a path: see <see cref="Library.ArtifactsClient.Upload"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GatewayException">The spec has mistakes, all of which are in the problem; or the gateway refused otherwise.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<SweepSubmission> Submit(string spec, Digest? latents = null, CancellationToken cancellationToken = default) =>
        PostSpec<SweepSubmission>("sweeps", spec, latents, cancellationToken);

    /// <summary>Expands a spec into its jobs without submitting it.</summary>
    /// <inheritdoc cref="Submit"/>
    public Task<SweepOutline> Outline(string spec, Digest? latents = null, CancellationToken cancellationToken = default) =>
        PostSpec<SweepOutline>("sweeps/outline", spec, latents, cancellationToken);

    /// <summary>Every sweep, in the order of the ids.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async IAsyncEnumerable<SweepSummary> List([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (SweepId? after = null; ;)
        {
            SweepPage page = await _connection.Send<SweepPage>(HttpMethod.Get, after is null ? "sweeps" : $"sweeps?after={Uri.EscapeDataString(after.Value.Value)}", cancellationToken).ConfigureAwait(false);
            foreach (SweepSummary sweep in page.Items) yield return sweep;
            if (page.Next is null) yield break;
            after = page.Next;
        }
    }

    /// <summary>How a sweep and each of its jobs stand; null where the cluster knows no such sweep.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<SweepStatus?> Find(SweepId sweep, CancellationToken cancellationToken = default) =>
        _connection.Find<SweepStatus>(Path(sweep), cancellationToken);

    /// <summary>Lets every job write a checkpoint and stand still.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<SweepSummary> Pause(SweepId sweep, CancellationToken cancellationToken = default) => Post(sweep, "pause", cancellationToken);

    /// <summary>Lets a paused sweep go on.</summary>
    /// <inheritdoc cref="Pause"/>
    public Task<SweepSummary> Resume(SweepId sweep, CancellationToken cancellationToken = default) => Post(sweep, "resume", cancellationToken);

    /// <summary>Ends every job that has not ended. What was published stays.</summary>
    /// <inheritdoc cref="Pause"/>
    public Task<SweepSummary> Cancel(SweepId sweep, CancellationToken cancellationToken = default) => Post(sweep, "cancel", cancellationToken);

    /// <summary>
    /// Follows a sweep until it has ended or stands still. A connection that breaks (the gateway or the node behind it died, a proxy
    /// closed it) is made again and goes on where it was, as often as needed: only <paramref name="cancellationToken"/> or a refusal
    /// ends it earlier.
    /// </summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="interruptions">Is told why a connection broke.</param>
    /// <param name="cancellationToken">Stops watching; the sweep goes on.</param>
    /// <returns>The first update holds every job, later ones those that changed.</returns>
    /// <exception cref="GatewayException">The gateway refused: no such sweep, or no valid key.</exception>
    public async IAsyncEnumerable<SweepUpdate> Watch(SweepId sweep, IProgress<Exception>? interruptions = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var stream = new SweepStream(_connection, Path(sweep) + "/events");
        while (!stream.HasEnded)
        {
            await foreach (SweepUpdate update in stream.Read(interruptions, cancellationToken).ConfigureAwait(false)) yield return update;
            if (!stream.HasEnded) await stream.WaitBeforeRetry(cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Path(SweepId sweep) => $"sweeps/{Uri.EscapeDataString(sweep.Value)}";

    private Task<SweepSummary> Post(SweepId sweep, string verb, CancellationToken cancellationToken) =>
        _connection.Send<SweepSummary>(HttpMethod.Post, $"{Path(sweep)}/{verb}", cancellationToken);

    private async Task<T> PostSpec<T>(string path, string spec, Digest? latents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        byte[] body = Encoding.UTF8.GetBytes(spec);
        HttpResponseMessage response = await _connection.Send(
            () => new HttpRequestMessage(HttpMethod.Post, latents is null ? path : $"{path}?latents={Uri.EscapeDataString(latents.Value.ToString())}")
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(Yaml) } },
            },
            cancellationToken).ConfigureAwait(false);
        return await GatewayConnection.Read<T>(response, cancellationToken).ConfigureAwait(false);
    }
}
