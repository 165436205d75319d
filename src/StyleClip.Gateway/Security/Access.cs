using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace StyleClip.Gateway.Security;

/// <summary>Who may do what. Whatever does not say otherwise needs a valid key: addresses that do not exist, too.</summary>
internal static class Access
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyBook>();
        services.AddSingleton<ApiKeyCheck>();
        services.AddAuthentication(ApiKeyHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        AuthorizationBuilder authorization = services.AddAuthorizationBuilder();
        foreach (ApiRole role in Enum.GetValues<ApiRole>()) authorization.AddPolicy(role.ToString(), policy => policy.RequireRole(role.ToString()));
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireRole(nameof(ApiRole.Read)).Build());
        return services;
    }

    /// <summary>The endpoint needs a key of this role or a higher one.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, ApiRole role) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(role.ToString()).WithMetadata(new NeededRole(role));
}

/// <summary>Tells the API's description which role an endpoint needs.</summary>
internal sealed record NeededRole(ApiRole Role);
