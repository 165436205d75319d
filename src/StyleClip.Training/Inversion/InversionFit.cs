using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Inversion;

/// <summary>How near the picture of a latent is to the image that was inverted.</summary>
/// <param name="PixelRmse">Root of the mean squared difference of the 8-bit pixels, 0 to 255.</param>
/// <param name="Psnr">20 log10(255 / RMSE), dB; null where the pictures are equal.</param>
/// <param name="IdentitySimilarity">Cosine of the identity features; null where the pack has no identity network.</param>
/// <param name="ClipSimilarity">Cosine of the CLIP features.</param>
/// <param name="PerceptualSimilarity">Cosine of the perceptual features; null where the pack has no perceptual network.</param>
public sealed record InversionFit(double PixelRmse, double? Psnr, double? IdentitySimilarity, double ClipSimilarity, double? PerceptualSimilarity = null)
{
    /// <summary>Compares two images of one size.</summary>
    /// <param name="networks">The pack's networks.</param>
    /// <param name="target">The image that was inverted, [1, 3, H, W] in [-1, 1].</param>
    /// <param name="found">The picture of its latent, [1, 3, H, W].</param>
    public static InversionFit Of(FrozenNetworks networks, Tensor target, Tensor found)
    {
        ArgumentNullException.ThrowIfNull(networks);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double rmse = (Levels(target) - Levels(found)).square().mean().sqrt().ToDouble();
        ClipLoss clip = networks.ClipLoss(networks.Manifest.ClipInput);
        IdentityLoss? identity = networks.IdentityLoss();
        PerceptualLoss? perceptual = networks.PerceptualLoss();
        return new InversionFit(
            rmse,
            rmse == 0 ? null : 20 * Math.Log10(255 / rmse),
            identity is null ? null : Cosine(identity.Features(target), identity.Features(found)),
            Cosine(clip.EmbedImage(target), clip.EmbedImage(found)),
            perceptual is null ? null : Cosine(Unit(perceptual.Features(target)), Unit(perceptual.Features(found))));

        static Tensor Unit(Tensor features) => features / features.norm();
    }

    private static Tensor Levels(Tensor image) => ((image.to(ScalarType.Float64) + 1) * 127.5).round().clamp(0, 255);

    private static double Cosine(Tensor one, Tensor other) => (one * other).sum().ToDouble();
}
