namespace StyleClip.Gateway.Security;

/// <summary>The document that holds every API key of a cluster.</summary>
public sealed record ApiKeyList
{
    public IReadOnlyList<ApiKey> Keys { get; init; } = [];
}
