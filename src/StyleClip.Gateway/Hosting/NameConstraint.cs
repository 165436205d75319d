using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StyleClip.Gateway.Hosting;

/// <summary>A name in an address: ids of sweeps and jobs, slugs. What is no such name is an address that does not exist.</summary>
internal sealed class NameConstraint : IRouteConstraint
{
    public const string Key = "name";

    private const int MaxLength = 80;

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string { Length: > 0 and <= MaxLength } name && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
