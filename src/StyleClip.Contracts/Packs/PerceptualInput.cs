namespace StyleClip.Contracts.Packs;

/// <summary>How a perceptual network was given images when it was trained.</summary>
public enum PerceptualInput
{
    /// <summary>RGB in [0, 1], less ImageNet's means and divided by its deviations, as torchvision does.</summary>
    Rgb,

    /// <summary>BGR in [0, 255], less the means of Caffe's VGG, as TediGAN does.</summary>
    Bgr255,
}
