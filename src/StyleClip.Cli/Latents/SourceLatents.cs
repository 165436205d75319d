using StyleClip.Contracts.Latents;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Training.Edits;
using StyleClip.Training.Latents;
using static TorchSharp.torch;

namespace StyleClip.Cli.Latents;

// N latents, L style layers, D style width

/// <summary>The latents that a command works on: those of a file, or held-out ones of the pack's default bank.</summary>
internal sealed record SourceLatents
{
    /// <summary>A file of codes in any form that <c>latents import</c> takes; null for the bank.</summary>
    public required string? File { get; init; }

    /// <summary>The first latent to take, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>How many latents; null for all that a file has.</summary>
    public required int? Count { get; init; }

    /// <summary>Seed of the bank.</summary>
    public required long Seed { get; init; }

    /// <summary>Reads or draws them, on the device's thread.</summary>
    /// <returns>Codes in W+, or in style space where the file has such; on the networks' device, in the caller's dispose scope.</returns>
    /// <exception cref="WeightsException">The file has no such latents, or they do not fit the generator.</exception>
    public ImageCodes Codes(FrozenNetworks networks)
    {
        using IDisposable untracked = no_grad();
        if (File is null) return ImageCodes.InWPlus(networks.Generator, WPlusOf(Draw(networks)));
        using LatentCodes codes = LatentCodes.Read(File);
        codes.RequireFit(File, networks.Generator.Spec);
        long wanted = Count ?? (codes.Count - Index);
        if (wanted < 1 || Index + wanted > codes.Count)
            throw new WeightsException($"{File} has {codes.Count} latents; {(Count is null ? "one" : $"{Count} of them")} from index {Index} on {(Count is null ? "is" : "are")} asked for.");
        Tensor[] tensors = [.. codes.Tensors.Select(tensor => tensor.narrow(0, Index, wanted).to(networks.MeanW.device, copy: true))];
        return codes.Space switch
        {
            LatentSpace.StyleSpace => ImageCodes.InStyleSpace(networks.Generator, tensors),
            _ => ImageCodes.InWPlus(networks.Generator, WPlusOf(tensors[0])),
        };

        Tensor WPlusOf(Tensor latents) => latents.dim() == 2 ? networks.Generator.Repeat(latents) : latents;
    }

    private Tensor Draw(FrozenNetworks networks) =>
        BankBuilder.HeldOut(new BankSpec { Truncation = networks.Manifest.Truncation, Seed = Seed }, networks, Index, Count ?? 1);
}
