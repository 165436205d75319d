using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace StyleClip.TestServers;

/// <summary>Stands between a client and a server that speaks HTTP/1.1, and does to requests what a network and a busy service do.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    // Set by the connection, not by whoever speaks on it.
    private static readonly string[] HopHeaders = ["Connection", "Keep-Alive", "Transfer-Encoding", "Host"];

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly CancellationTokenSource _ended = new();
    private readonly int _target;
    private WebApplication? _app;

    private FaultProxy(int target) => _target = target;

    /// <summary>Where it listens, on the loopback interface.</summary>
    public int Port { get; } = FreePort.Find();

    /// <summary>Says what happens to a request, by its method and path with query. Called by many threads.</summary>
    public Func<string, string, Fault> Plan { get; set; } = (_, _) => Fault.None;

    /// <summary>Called when a request was passed on and its answer is not yet on its way back, by its method and path with query.</summary>
    public Func<string, string, Task> Passed { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Starts one in front of the server on <paramref name="target"/>.</summary>
    public static async Task<FaultProxy> Start(int target)
    {
        var proxy = new FaultProxy(target);
        await proxy.ComeBack();
        return proxy;
    }

    /// <summary>Refuses and breaks every connection until <see cref="ComeBack"/>.</summary>
    public async Task GoAway()
    {
        if (_app is null) return;
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Listens again.</summary>
    public async Task ComeBack()
    {
        if (_app is not null) return;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ListenLocalhost(Port);
        });
        _app = builder.Build();
        _app.Run(Handle);
        await _app.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await GoAway();
        _client.Dispose();
        _ended.Dispose();
    }

    private async Task Handle(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, method = context.Request.Method;
        string asked = Uri.UnescapeDataString(target);
        Fault fault = Plan(method, asked);
        switch (fault)
        {
            case Fault.Busy:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case Fault.Throttled:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            case Fault.LoseRequest:
                context.Abort();
                return;
        }

        using HttpResponseMessage answer = await Forward(context, method, target);
        await Passed(method, asked);
        switch (fault)
        {
            case Fault.LoseAnswer:
                context.Abort();
                return;
            case Fault.KeepAnswer:
                await Task.Delay(Timeout.Infinite, _ended.Token).ContinueWith(_ => context.Abort(), TaskScheduler.Default);
                return;
            case Fault.HideAnswer:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            default:
                await Answer(context, answer, fault);
                return;
        }
    }

    private async Task<HttpResponseMessage> Forward(HttpContext context, string method, string target)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_target}{target}"));
        if (context.Request.ContentLength is not null) request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (HopHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
    }

    private static async Task Answer(HttpContext context, HttpResponseMessage answer, Fault fault)
    {
        byte[] body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (!HopHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) context.Response.Headers[name] = values.ToArray();
        if (body.Length == 0) return; // a HEAD's answer keeps the length of what it does not send
        int sent = fault is Fault.Truncate or Fault.Cut ? body.Length / 2 : body.Length;
        context.Response.ContentLength = fault == Fault.Cut ? body.Length : sent;
        await context.Response.Body.WriteAsync(body.AsMemory(0, sent), context.RequestAborted);
        if (fault != Fault.Cut) return;
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
