using StyleClip.Contracts.Latents;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Training.Devices;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Domain;

// P pictures, L style layers, D style width, E embedding

/// <summary>
/// A pack's own pictures and the latents that they come from, drawn where no bank draws, so that they are held out from every training and
/// depend on the pack alone. CLIP looks at the pictures once, for all prompts. To be used on one thread.
/// </summary>
/// <param name="networks">The pack's networks; they stay the caller's.</param>
/// <param name="count">How many pictures to look through.</param>
public sealed class DomainPictures(FrozenNetworks networks, int count) : IDisposable
{
    private const int FirstLatent = 1 << 30;
    private const int ImagesPerPass = 8;

    private readonly BankSpec _latents = new() { Count = FirstLatent, Truncation = networks.Manifest.Truncation };
    private Tensor? _features; // [P, E]

    /// <summary>How many pictures there are to look through; latents from this number on are of none of them.</summary>
    public int Count => count;

    /// <summary>The code of one latent, in the caller's dispose scope.</summary>
    /// <param name="latent">Its number, from 0.</param>
    /// <returns>W+, [1, L, D].</returns>
    public Tensor WPlus(int latent)
    {
        using IDisposable untracked = no_grad();
        return networks.Generator.Repeat(BankBuilder.HeldOut(_latents, networks, latent, 1));
    }

    /// <summary>The numbers of the pictures that are nearest to a text.</summary>
    /// <param name="text">Of unit length, [1, E].</param>
    /// <param name="most">How many.</param>
    /// <param name="cancellationToken">Ends CLIP's first look between two passes.</param>
    public IReadOnlyList<int> Nearest(Tensor text, int most, CancellationToken cancellationToken)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _features ??= Embed(cancellationToken);
        return [.. (_features * text).sum(1).topk(most).indexes.cpu().data<long>().Select(picture => (int)picture)];
    }

    /// <inheritdoc/>
    public void Dispose() => _features?.Dispose();

    private Tensor Embed(CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        ClipLoss clip = networks.ClipLoss(networks.Manifest.ClipInput);
        NativeMemory memory = new();
        List<Tensor> features = [];
        for (int first = 0; first < count; first += ImagesPerPass)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope pass = NewDisposeScope();
            Tensor w = BankBuilder.HeldOut(_latents, networks, first, Math.Min(ImagesPerPass, count - first));
            features.Add(pass.MoveToOuter(clip.EmbedImage(networks.Generator.Synthesize(networks.Generator.Repeat(w)))));
            memory.AfterStep();
        }

        return cat(features).DetachFromDisposeScope();
    }
}
