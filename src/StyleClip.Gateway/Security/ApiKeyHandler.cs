using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StyleClip.Gateway.Problems;

namespace StyleClip.Gateway.Security;

/// <summary>Authenticates a request by the API key in <c>Authorization: Bearer KEY</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiKeyCheck keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (await keys.Find(header[Bearer.Length..].Trim(), Context.RequestAborted).ConfigureAwait(false) is not { } key) return AuthenticateResult.Fail("The API key is not valid.");
        var identity = new ClaimsIdentity(SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, key.Prefix));
        foreach (ApiRole role in Enum.GetValues<ApiRole>().Where(role => role <= key.Role)) identity.AddClaim(new Claim(ClaimTypes.Role, role.ToString()));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemWriter.Write(Context, ProblemKind.Unauthenticated, "Send a valid API key: Authorization: Bearer KEY.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ProblemWriter.Write(
        Context,
        ProblemKind.Forbidden,
        $"The key {Context.User.Identity?.Name} may {string.Join(" and ", Context.User.FindAll(ClaimTypes.Role).Select(claim => claim.Value.ToLowerInvariant()))}; this needs another role.");
}
