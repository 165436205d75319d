using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Packs;
using StyleClip.Training.Latents;

namespace StyleClip.Training.Tests;

/// <summary>Prepares whole banks in memory.</summary>
internal static class RandomBank
{
    /// <summary>Every shard of a bank, one after the other.</summary>
    public static (BankManifest Manifest, byte[][] Shards) Prepare(
        BankSpec spec, FrozenNetworks networks, ClipInput clipInput = ClipInput.Normalized, ReadOnlyMemory<byte>? latentFile = null)
    {
        BankPlan plan = BankPlan.Of(spec, latentFile);
        byte[][] shards = [.. Enumerable.Range(0, plan.ShardCount).Select(shard => BankBuilder.PrepareShard(spec, networks, clipInput, shard, latentFile))];
        BankManifest manifest = new()
        {
            Spec = spec,
            Pack = networks.ManifestDigest,
            DeviceKind = "test",
            ClipInput = clipInput,
            TrainingCount = plan.TrainingCount,
            ValidationCount = plan.ValidationCount,
            Shards = [.. shards.Select(bytes => new ArtifactRef(Digest.Of(bytes), bytes.Length, MediaTypes.Safetensors))],
        };
        return (manifest, shards);
    }

    /// <summary>Prepares and joins a bank.</summary>
    public static LatentBank Load(BankSpec spec, FrozenNetworks networks, ClipInput clipInput = ClipInput.Normalized)
    {
        (BankManifest manifest, byte[][] shards) = Prepare(spec, networks, clipInput);
        return LatentBank.Load(manifest, shards);
    }
}
