using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StyleClip.Gateway.Security;

/// <summary>Writes down who changed what: each request that is not a mere question, with the key that sent it.</summary>
internal sealed partial class ChangeLog(RequestDelegate next, ILogger<ChangeLog> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http).ConfigureAwait(false);
        bool isQuestion = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (!isQuestion && http.User.Identity?.Name is { } key) LogChange(key, http.Request.Method, http.Request.Path, http.Response.StatusCode);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Key}: {Method} {Path} -> {Status}")]
    private partial void LogChange(string key, string method, PathString path, int status);
}
