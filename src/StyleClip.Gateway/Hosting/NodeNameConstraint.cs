using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StyleClip.Gateway.Hosting;

/// <summary>The name of a node in an address: a host's name, perhaps with a number.</summary>
internal sealed class NodeNameConstraint : IRouteConstraint
{
    public const string Key = "node";

    private const int MaxLength = 120;

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string { Length: > 0 and <= MaxLength } name && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
