namespace StyleClip.Client;

/// <summary>No gateway answered at the address.</summary>
/// <param name="gateway">The address.</param>
/// <param name="inner">What happened instead.</param>
public sealed class GatewayUnreachableException(Uri gateway, Exception inner) : IOException($"No gateway answers at {gateway}: {inner.Message}", inner)
{
    /// <summary>The address.</summary>
    public Uri Gateway { get; } = gateway;
}
