using StyleClip.Contracts.Latents;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Latents;

// N latents, L style layers, D style width

/// <summary>The latents that a command works on: those of a file, or held-out ones of the pack's default bank.</summary>
internal sealed record SourceLatents
{
    /// <summary>A file of W or W+ codes in any form that <c>latents import</c> takes; null for the bank.</summary>
    public required string? File { get; init; }

    /// <summary>The first latent to take, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>How many latents; null for all that a file has.</summary>
    public required int? Count { get; init; }

    /// <summary>Seed of the bank.</summary>
    public required long Seed { get; init; }

    /// <summary>Reads or draws them, on the device's thread.</summary>
    /// <returns>W+, [N, L, D], on the networks' device, in the caller's dispose scope.</returns>
    /// <exception cref="WeightsException">The file has no such latents, or they do not fit the generator.</exception>
    public Tensor WPlus(FrozenNetworks networks)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor latents = (File is null ? Draw(networks) : Read(File, networks)).to(networks.MeanW.device);
        return scope.MoveToOuter(latents.dim() == 2 ? networks.Generator.Repeat(latents) : latents);
    }

    private Tensor Draw(FrozenNetworks networks) =>
        BankBuilder.HeldOut(new BankSpec { Truncation = networks.Manifest.Truncation, Seed = Seed }, networks, Index, Count ?? 1);

    private Tensor Read(string path, FrozenNetworks networks)
    {
        using LatentCodes codes = LatentCodes.Read(path);
        if (codes.Space == LatentSpace.StyleSpace) throw new WeightsException($"{path} has codes in style space; W or W+ is needed here.");
        codes.RequireFit(path, networks.Generator.Spec);
        long wanted = Count ?? (codes.Count - Index);
        if (wanted < 1 || Index + wanted > codes.Count)
            throw new WeightsException($"{path} has {codes.Count} latents; {(Count is null ? "one" : $"{Count} of them")} from index {Index} on {(Count is null ? "is" : "are")} asked for.");
        return codes.Tensors[0].narrow(0, Index, wanted).clone();
    }
}
