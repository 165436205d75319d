using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StyleClip.Contracts.Library;

namespace StyleClip.Gateway.Hosting;

/// <summary>A digest in an address: <c>sha256:</c> and 64 hexadecimal digits, or the digits alone.</summary>
internal sealed class DigestConstraint : IRouteConstraint
{
    public const string Key = "digest";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        Digest.TryParse(values[routeKey] as string, out _);
}
