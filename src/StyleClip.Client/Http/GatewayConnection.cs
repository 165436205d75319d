using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Problems;

namespace StyleClip.Client.Http;

/// <summary>Requests to one gateway: address, key, repetition, problem details.</summary>
internal sealed class GatewayConnection : IDisposable
{
    private static readonly JsonSerializerOptions Json = Tolerant();
    private static readonly string Version = typeof(GatewayConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly HttpClient _http;

    public GatewayConnection(Uri gateway, string apiKey, StyleClipClientOptions options)
    {
        Options = options;
        Gateway = gateway;
        _http = new HttpClient(options.Handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(gateway, gateway.AbsolutePath.TrimEnd('/') + "/v1/"),
            Timeout = Timeout.InfiniteTimeSpan, // a stream lasts as long as it lasts; each wait has a limit of its own
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("StyleClip.Client", Version));
    }

    public StyleClipClientOptions Options { get; }

    public Uri Gateway { get; }

    public static T Parse<T>(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize<T>(utf8, Json) ?? throw new InvalidDataException("The gateway answered with JSON null.");

    /// <summary>Sends a request without a body and reads the answer.</summary>
    public async Task<T> Send<T>(HttpMethod method, string path, CancellationToken cancellationToken) =>
        await Read<T>(await Send(() => new HttpRequestMessage(method, path), cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a request without a body; null where the gateway knows no such thing.</summary>
    public async Task<T?> Find<T>(string path, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await Send<T>(HttpMethod.Get, path, cancellationToken).ConfigureAwait(false);
        }
        catch (GatewayException exception) when (exception.Problem.Type == ProblemTypes.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reads an answer's body as JSON and lets go of the answer.</summary>
    public static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response) return Parse<T>(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Sends a request until it is answered. Every request of this client may be repeated, the ones that change something too.
    /// </summary>
    /// <param name="request">Makes the request anew for each try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A success or 304; the body has not been read.</returns>
    public async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(Options.Time);
        for (int attempt = 1; ; attempt++)
        {
            bool isLast = attempt >= Options.Attempts;
            try
            {
                return await SendOnce(request, cancellationToken).ConfigureAwait(false);
            }
            catch (GatewayUnreachableException) when (!isLast)
            {
                // again
            }
            catch (GatewayException exception) when (!isLast && exception.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                // again
            }

            await backoff.Wait(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request once.</summary>
    public async Task<HttpResponseMessage> SendOnce(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = Options.Time.CreateTimer(_ => limit.Cancel(), null, Options.Timeout, Timeout.InfiniteTimeSpan);
        HttpResponseMessage response;
        try
        {
            using HttpRequestMessage message = request();
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw new GatewayUnreachableException(Gateway, exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayUnreachableException(Gateway, new TimeoutException($"It did not answer within {Options.Timeout.TotalSeconds:0} s."));
        }

        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified) return response;
        using (response) throw await Refusal(response, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<GatewayException> Refusal(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return new GatewayException(Parse<Problem>(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or HttpRequestException)
        {
            // Something between here and the gateway answered.
            int status = (int)response.StatusCode;
            return new GatewayException(new Problem { Type = "about:blank", Title = response.ReasonPhrase ?? "No reason", Status = status, Detail = $"The answer is {status} {response.ReasonPhrase} without problem details: is this the address of a gateway?" });
        }
    }

    // A newer gateway may say more than this client knows.
    private static JsonSerializerOptions Tolerant()
    {
        var options = new JsonSerializerOptions(ContractJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };
        options.MakeReadOnly();
        return options;
    }
}
