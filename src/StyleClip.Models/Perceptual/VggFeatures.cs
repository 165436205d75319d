using StyleClip.Contracts.Packs;
using StyleClip.Models.Identity;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Perceptual;

// B batch, H W pixels, C channels, h w pixels of the features
/// <summary>
/// The convolutions of a VGG network: 3 x 3, each with a ReLU, some with a max pooling. State-dict keys are torchvision's, which count ReLUs and
/// poolings. Features of a network for inputs of unit deviation are multiplied by <see cref="UnitScale"/>, so that one weight of a loss
/// serves networks of either kind.
/// </summary>
public sealed class VggFeatures : nn.Module
{
    /// <summary>Deviation of ImageNet's pixels on the scale of 0 to 255: the mean of torchvision's three, 255 x 0.226.</summary>
    public const double UnitScale = 255 * 0.226;

    private static readonly float[] RgbMeans = [0.485f, 0.456f, 0.406f], RgbDeviations = [0.229f, 0.224f, 0.225f]; // torchvision's
    private static readonly float[] BgrMeans = [103.939f, 116.779f, 123.68f]; // Caffe's VGG

    [ComponentName(Name = "features")] private readonly Sequential _features;
    private readonly FaceCrop _working;

    /// <summary>Builds the network with random weights.</summary>
    /// <param name="spec">Its shape.</param>
    public VggFeatures(PackPerceptual spec)
        : base(nameof(VggFeatures))
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        _working = FaceCrop.Whole(spec.WorkingSize);
        List<(string, nn.Module<Tensor, Tensor>)> modules = [];
        foreach (PackPerceptualLayer layer in spec.Layers)
        {
            Add(nn.Conv2d(layer.In, layer.Out, 3, padding: 1));
            Add(nn.ReLU());
            if (layer.Pool) Add(nn.MaxPool2d(2));
        }

        _features = nn.Sequential([.. modules]);
        RegisterComponents();

        void Add(nn.Module<Tensor, Tensor> module) => modules.Add((modules.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module));
    }

    /// <summary>Its shape.</summary>
    public PackPerceptual Spec { get; }

    /// <summary>The features of images, on the scale of inputs of 0 to 255.</summary>
    /// <param name="images">[B, 3, H, W], RGB in [-1, 1].</param>
    /// <returns>[B, C, h, w]; a gradient to the images flows.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public Tensor Embed(Tensor images)
    {
        Shape.Require(images, nameof(images), -1, 3, -1, -1);
        Tensor working = images.shape[2] > Spec.WorkingSize ? _working.Apply(images) : images;
        if (Spec.Input == PerceptualInput.Bgr255) return _features.forward(((working + 1) * 127.5).flip(1) - PerChannel(BgrMeans, images));
        return _features.forward((((working + 1) / 2) - PerChannel(RgbMeans, images)) / PerChannel(RgbDeviations, images)) * UnitScale;
    }

    /// <summary>Fixes the weights: evaluation mode, no gradients to parameters. Gradients to the images still flow.</summary>
    public void Freeze()
    {
        eval();
        foreach (Parameter parameter in parameters()) parameter.requires_grad_(false);
    }

    private static Tensor PerChannel(float[] values, Tensor like) => tensor(values, [1, 3, 1, 1], dtype: like.dtype, device: like.device);
}
