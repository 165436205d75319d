using StyleClip.Models.Perceptual;
using static TorchSharp.torch;

namespace StyleClip.Models.Losses;

// B batch, C channels, H W pixels, h w pixels of the features
/// <summary>How differently two images look: the mean squared difference of a VGG network's features, on the scale of inputs of 0 to 255.</summary>
/// <param name="network">The frozen network.</param>
public sealed class PerceptualLoss(VggFeatures network)
{
    /// <summary>Features of images.</summary>
    /// <param name="image">[B, 3, H, W], RGB in [-1, 1].</param>
    /// <returns>[B, C, h, w]; a gradient to the image flows.</returns>
    public Tensor Features(Tensor image) => network.Embed(image);

    /// <summary>Mean squared difference of the features, a scalar.</summary>
    /// <param name="image">[B, 3, H, W], RGB in [-1, 1].</param>
    /// <param name="targetFeatures">Features of the images to look like, [B, C, h, w]; no gradient flows to them.</param>
    /// <exception cref="ArgumentException">The features have another shape.</exception>
    public Tensor Loss(Tensor image, Tensor targetFeatures)
    {
        Tensor features = Features(image);
        Shape.Require(targetFeatures, nameof(targetFeatures), features.shape);
        return (features - targetFeatures.detach()).square().mean();
    }
}
