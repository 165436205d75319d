using System.Text.Json;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Cluster.Banks;

/// <summary>A bank that jobs need. Its features belong to a device kind, as a mapper's bytes do.</summary>
[GenerateSerializer, Immutable]
public sealed record BankRequest
{
    [Id(0)] public required BankSpec Spec { get; init; }

    [Id(1)] public required Digest Pack { get; init; }

    [Id(2)] public required ClipInput ClipInput { get; init; }

    [Id(3)] public required string DeviceKind { get; init; }

    /// <summary>Training latents, known once the latents have been looked at.</summary>
    [Id(4)] public required int TrainingCount { get; init; }

    /// <summary>Key of the bank's grain: equal requests share a bank.</summary>
    public string Key() => Digest.Of(JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Canonical)).Hex[..16];
}
