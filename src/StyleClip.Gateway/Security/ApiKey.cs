using StyleClip.Contracts.Library;

namespace StyleClip.Gateway.Security;

/// <summary>An API key as the store has it: everything but the secret.</summary>
public sealed record ApiKey
{
    /// <summary>The part of the key that is shown in lists and logs.</summary>
    public required string Prefix { get; init; }

    /// <summary>Whose key it is.</summary>
    public required string Name { get; init; }

    public required ApiRole Role { get; init; }

    /// <summary>
    /// SHA-256 of the whole key. A slow hash would protect short passwords; a key has 256 random bits, which no guessing reaches.
    /// </summary>
    public required Digest Hash { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When it stops being valid; absent: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was revoked; absent: it was not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    public bool IsValid(DateTimeOffset now) => Revoked is null && !(Expires <= now);
}
