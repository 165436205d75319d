using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Gradients;

/// <summary>What must be equal of all members of a job: only then are their bytes.</summary>
[GenerateSerializer, Immutable]
public sealed record MemberIdentity
{
    [Id(0)] public required string DeviceKind { get; init; }

    [Id(1)] public required string Build { get; init; }

    /// <summary>Digest of the pack that the member has loaded.</summary>
    [Id(2)] public required Digest Pack { get; init; }

    /// <summary>Why a member of <paramref name="other"/> cannot work with one of this; null where it can.</summary>
    public string? Refusal(MemberIdentity other)
    {
        if (other.DeviceKind != DeviceKind) return $"its device is {other.DeviceKind}, the leader's {DeviceKind}";
        if (other.Build != Build) return $"its build is {other.Build}, the leader's {Build}";
        return other.Pack != Pack ? $"its pack is {other.Pack}, the leader's {Pack}" : null;
    }
}
