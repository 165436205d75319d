using StyleClip.Models.Identity;
using static TorchSharp.torch;

namespace StyleClip.Models.Losses;

// B batch, E embedding
/// <summary>
/// One minus the cosine between the identity embeddings of an image and its source (StyleCLIP's identity loss). The source's features
/// never change while a mapper trains: compute them once with <see cref="Features"/> and keep them.
/// </summary>
/// <param name="network">The frozen identity network.</param>
/// <param name="crop">How a face is cut from an image; its result has the network's input size.</param>
public sealed class IdentityLoss(IrSe network, FaceCrop crop)
{
    /// <summary>Identity features of images, of unit length.</summary>
    /// <param name="image">[B, 3, H, W], about [-1, 1].</param>
    /// <returns>[B, E]; a gradient to the image flows.</returns>
    public Tensor Features(Tensor image) => network.Embed(crop.Apply(image));

    /// <summary>Mean of 1 - cosine over the batch, a scalar in [0, 2].</summary>
    /// <param name="image">The edited images, [B, 3, H, W], about [-1, 1].</param>
    /// <param name="sourceFeatures">Features of the source images, [B, E]; no gradient flows to them.</param>
    /// <exception cref="ArgumentException">The batch sizes differ.</exception>
    public Tensor Loss(Tensor image, Tensor sourceFeatures)
    {
        Tensor features = Features(image);
        Shape.Require(sourceFeatures, nameof(sourceFeatures), features.shape);
        return 1 - (features * sourceFeatures.detach()).sum(1).mean();
    }
}
