using StyleClip.Contracts.Latents;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Comparison;

// N latents, L style layers, D style width

/// <summary>The first held-out latents of a bank, without preparing it.</summary>
public static class HeldOutLatents
{
    /// <summary>Draws or reads them.</summary>
    /// <param name="spec">The bank.</param>
    /// <param name="networks">The pack's networks.</param>
    /// <param name="count">How many, N.</param>
    /// <param name="latentFile">The file of latents, for a bank that is read from one.</param>
    /// <returns>W+, [N, L, D], on the networks' device, in the caller's dispose scope.</returns>
    /// <exception cref="WeightsException">The file's latents do not fit the generator, or are too few.</exception>
    public static Tensor WPlus(BankSpec spec, FrozenNetworks networks, int count, ReadOnlyMemory<byte>? latentFile)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor latents = spec.Source == BankSource.Sampled
            ? BankBuilder.HeldOut(spec, networks, 0, count)
            : LatentFile.Slice(LatentFile.Require(latentFile), networks.Generator.Spec, BankPlan.Of(spec, latentFile).TrainingCount, count).to(networks.MeanW.device);
        return scope.MoveToOuter(latents.dim() == 2 ? networks.Generator.Repeat(latents) : latents);
    }
}
