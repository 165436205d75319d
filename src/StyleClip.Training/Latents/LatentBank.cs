using StyleClip.Contracts.Latents;
using StyleClip.Models;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Latents;

// N latents of the bank, L style layers, D style width, E embedding

/// <summary>
/// The latents that a sweep trains and validates on, with the features of their source images. It stays on the CPU; batches go to the
/// device that asks for them.
/// </summary>
public sealed class LatentBank : IDisposable
{
    private LatentBank(BankManifest manifest, Tensor latents, Tensor clip, Tensor? identity)
    {
        (TrainingCount, ValidationCount) = (manifest.TrainingCount, manifest.ValidationCount);
        (Latents, Clip, Identity) = (latents, clip, identity);
    }

    /// <summary>Latents to train on: the first ones.</summary>
    public int TrainingCount { get; }

    /// <summary>Held-out latents: those that follow.</summary>
    public int ValidationCount { get; }

    /// <summary>All latents, [N, D] (W) or [N, L, D] (W+).</summary>
    public Tensor Latents { get; }

    /// <summary>CLIP features of the source images, of unit length, [N, E].</summary>
    public Tensor Clip { get; }

    /// <summary>Identity features of the source images, of unit length, [N, E]; null without an identity network.</summary>
    public Tensor? Identity { get; }

    /// <summary>Joins the shards of a bank.</summary>
    /// <param name="manifest">The bank's manifest.</param>
    /// <param name="shards">The bytes of its shards, in order.</param>
    /// <exception cref="WeightsException">A shard is damaged or of another bank, or the numbers of latents do not add up.</exception>
    public static LatentBank Load(BankManifest manifest, IReadOnlyList<byte[]> shards)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(shards);
        using DisposeScope scope = NewDisposeScope();
        List<StateDict> parts = [];
        try
        {
            for (int i = 0; i < shards.Count; i++) parts.Add(ReadShard(shards[i], i));
            Tensor latents = Join(parts, "latents"), clip = Join(parts, "clip");
            Tensor? identity = parts.Exists(part => part.ContainsKey("identity")) ? Join(parts, "identity") : null;
            long expected = (long)manifest.TrainingCount + manifest.ValidationCount;
            foreach (Tensor tensor in identity is null ? [latents, clip] : new[] { latents, clip, identity })
            {
                if (tensor.shape[0] != expected)
                    throw new WeightsException($"The {shards.Count} shards hold {tensor.shape[0]} rows; the bank's manifest promises {expected}.");
            }

            return new(manifest, latents.DetachFromDisposeScope(), clip.DetachFromDisposeScope(), identity?.DetachFromDisposeScope());
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    /// <summary>Training latents by index, in the caller's dispose scope.</summary>
    /// <param name="indices">Indices below <see cref="TrainingCount"/>.</param>
    /// <param name="device">Where the batch shall be.</param>
    public LatentBatch Training(long[] indices, Device device)
    {
        Tensor rows = tensor(indices);
        return new(Latents[rows].to(device), Clip[rows].to(device), Identity?[rows].to(device));
    }

    /// <summary>Consecutive held-out latents, in the caller's dispose scope.</summary>
    /// <param name="first">The first of them, from 0.</param>
    /// <param name="count">How many.</param>
    /// <param name="device">Where the batch shall be.</param>
    public LatentBatch Validation(int first, int count, Device device)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, ValidationCount, nameof(count));
        return new(Rows(Latents), Rows(Clip), Identity is null ? null : Rows(Identity));

        Tensor Rows(Tensor tensor) => tensor.narrow(0, TrainingCount + first, count).to(device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Latents.Dispose();
        Clip.Dispose();
        Identity?.Dispose();
    }

    private static StateDict ReadShard(byte[] bytes, int number)
    {
        using MemoryStream stream = new(bytes, writable: false);
        StateDict shard = SafetensorsReader.Read(stream, $"shard {number} of the latent bank");
        if (shard.Metadata.TryGetValue(BankBuilder.FormatKey, out string? format) && format == BankBuilder.Format) return shard;
        shard.Dispose();
        throw new WeightsException($"Shard {number} of the latent bank says that its format is '{format}'; this build reads '{BankBuilder.Format}'.");
    }

    private static Tensor Join(List<StateDict> parts, string key)
    {
        Tensor[] tensors = [.. parts.Select(part => part[key])];
        long[] first = tensors[0].shape;
        int odd = Array.FindIndex(tensors, tensor => !tensor.shape.AsSpan(1).SequenceEqual(first.AsSpan(1)));
        if (odd >= 0)
            throw new WeightsException($"{key} has shape {Shape.Format(tensors[odd].shape)} in shard {odd} of the latent bank and {Shape.Format(first)} in shard 0.");
        return cat(tensors);
    }
}
