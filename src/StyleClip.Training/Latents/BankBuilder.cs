using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Latents;

// n latents of a shard, D style width, E embedding

/// <summary>
/// Prepares the shards of a latent bank. A shard's bytes depend on its number, the spec, the networks and the device kind alone, so any
/// node may prepare any shard, in any order.
/// </summary>
public static class BankBuilder
{
    /// <summary>Metadata key of a shard that says what it is.</summary>
    internal const string FormatKey = "format";

    /// <summary>What a shard says that it is.</summary>
    internal const string Format = "styleclip-bank-shard-1";

    // Images per forward pass. The order of additions may depend on it, so it is no setting.
    private const int ChunkSize = 8;

    /// <summary>Number of shards of a bank.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="latentFile">The file of latents, for a bank that is read from one.</param>
    public static int ShardCount(BankSpec spec, ReadOnlyMemory<byte>? latentFile = null) => BankPlan.Of(spec, latentFile).ShardCount;

    /// <summary>Prepares one shard on the calling thread: its latents, and of their source images the CLIP and identity features.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="networks">The pack's networks.</param>
    /// <param name="clipInput">How images are handed to CLIP.</param>
    /// <param name="shard">Number of the shard, from 0.</param>
    /// <param name="latentFile">The file of latents, for a bank that is read from one.</param>
    /// <param name="cancellationToken">Ends the work between two images' batches; a shard at full size takes many minutes.</param>
    /// <returns>
    /// Safetensors with <c>latents</c> [n, D] or [n, L, D], <c>clip</c> [n, E] and, if the pack has an identity network, <c>identity</c>
    /// [n, E]; the features have unit length.
    /// </returns>
    /// <exception cref="WeightsException">The file's latents do not fit the generator, or are too few.</exception>
    public static byte[] PrepareShard(
        BankSpec spec,
        FrozenNetworks networks,
        ClipInput clipInput,
        int shard,
        ReadOnlyMemory<byte>? latentFile = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int count = BankPlan.Of(spec, latentFile).Range(shard).Count;
        Tensor latents = ShardLatents(spec, networks, shard, latentFile);

        ClipLoss clip = networks.ClipLoss(clipInput);
        IdentityLoss? identity = networks.IdentityLoss();
        List<Tensor> clipFeatures = [], identityFeatures = [];
        NativeMemory memory = new();
        for (int start = 0; start < count; start += ChunkSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope chunk = NewDisposeScope();
            Tensor codes = latents.narrow(0, start, Math.Min(ChunkSize, count - start));
            Tensor image = networks.Generator.Synthesize(codes.dim() == 2 ? networks.Generator.Repeat(codes) : codes);
            clipFeatures.Add(chunk.MoveToOuter(clip.EmbedImage(image)));
            if (identity is not null) identityFeatures.Add(chunk.MoveToOuter(identity.Features(image)));
            memory.AfterStep();
        }

        Dictionary<string, Tensor> tensors = new() { ["latents"] = latents, ["clip"] = cat(clipFeatures) };
        if (identity is not null) tensors.Add("identity", cat(identityFeatures));
        return SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string> { [FormatKey] = Format });
    }

    /// <summary>Held-out latents of a sampled bank, without its features, in the caller's dispose scope.</summary>
    /// <param name="spec">The bank; its number of held-out latents does not matter.</param>
    /// <param name="networks">The pack's networks.</param>
    /// <param name="first">The first of them, from 0.</param>
    /// <param name="count">How many.</param>
    /// <returns>W, [count, D], on the networks' device.</returns>
    /// <exception cref="ArgumentException">The bank is read from a file.</exception>
    public static Tensor HeldOut(BankSpec spec, FrozenNetworks networks, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        if (spec.Source != BankSource.Sampled) throw new ArgumentException("Only a sampled bank has latents before it is prepared.", nameof(spec));
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(Sample(spec, networks, (spec.Count ?? BankSpec.SampledCount) + first, count));
    }

    /// <summary>
    /// The first held-out latents of a bank that need not be prepared, without their features, in the caller's dispose scope. They are bit
    /// for bit those of the bank's shards, as whole shards are drawn: the last bits may depend on how many are drawn together.
    /// </summary>
    /// <param name="spec">The bank.</param>
    /// <param name="networks">The pack's networks.</param>
    /// <param name="count">How many, at most as many as the bank holds out.</param>
    /// <param name="latentFile">The file of latents, for a bank that is read from one.</param>
    /// <returns>W+, [count, L, D], on the networks' device.</returns>
    /// <exception cref="ArgumentException">The bank holds out fewer.</exception>
    /// <exception cref="WeightsException">The file's latents do not fit the generator, or are too few.</exception>
    public static Tensor HeldOutWPlus(BankSpec spec, FrozenNetworks networks, int count, ReadOnlyMemory<byte>? latentFile = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        BankPlan plan = BankPlan.Of(spec, latentFile);
        if (count > plan.ValidationCount)
            throw new ArgumentException($"{count} held-out latents are asked for; the bank has {plan.ValidationCount}.", nameof(count));
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int firstShard = plan.TrainingCount / plan.ShardSize, lastShard = (plan.TrainingCount + count - 1) / plan.ShardSize;
        Tensor shards = cat([.. Enumerable.Range(firstShard, lastShard - firstShard + 1).Select(shard => ShardLatents(spec, networks, shard, latentFile))]);
        Tensor latents = shards.narrow(0, plan.TrainingCount - (firstShard * plan.ShardSize), count);
        return scope.MoveToOuter((latents.dim() == 2 ? networks.Generator.Repeat(latents) : latents).contiguous().clone());
    }

    private static Tensor ShardLatents(BankSpec spec, FrozenNetworks networks, int shard, ReadOnlyMemory<byte>? latentFile)
    {
        (int first, int count) = BankPlan.Of(spec, latentFile).Range(shard);
        return spec.Source == BankSource.Sampled
            ? Sample(spec, networks, first, count)
            : LatentFile.Slice(LatentFile.Require(latentFile), networks.Generator.Spec, first, count).to(networks.MeanW.device);
    }

    // Each latent has a stream of its own: the same seed gives the same latents whatever the size of bank and shards.
    private static Tensor Sample(BankSpec spec, FrozenNetworks networks, int first, int count)
    {
        int width = networks.Generator.Spec.StyleDim;
        ulong key = CounterRandom.Key(spec.Seed, "bank");
        float[] z = new float[count * width];
        for (int i = 0; i < count; i++)
            CounterRandom.Normal(CounterRandom.Bits(key, (ulong)(first + i)), z.AsSpan(i * width, width));
        Tensor w = networks.Generator.MapToW(tensor(z, [count, width]).to(networks.MeanW.device)); // [n, D]
        return networks.Generator.Truncate(w, networks.MeanW, spec.Truncation);
    }
}
