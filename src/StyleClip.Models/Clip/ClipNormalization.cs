using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

/// <summary>The channel means and deviations of CLIP's training images.</summary>
internal static class ClipNormalization
{
    /// <summary>Means of red, green, blue in [0, 1].</summary>
    public static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];

    /// <summary>Standard deviations of red, green, blue in [0, 1].</summary>
    public static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>((x + 1) / 2 - mean) / deviation of an image [B, 3, H, W] in [-1, 1].</summary>
    public static Tensor Apply(Tensor image)
    {
        using Tensor centre = Channels(Mean.Select(mean => (2 * mean) - 1), image);
        using Tensor spread = Channels(Deviation.Select(deviation => 2 * deviation), image);
        return (image - centre) / spread;
    }

    private static Tensor Channels(IEnumerable<float> values, Tensor like) =>
        tensor([.. values]).to(like.dtype).to(like.device).view(1, 3, 1, 1);
}
