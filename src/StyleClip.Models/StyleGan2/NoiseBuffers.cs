using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>
/// One constant noise image per convolution. The buffers are part of the model: without them two processes would
/// synthesise different images from the same latent.
/// </summary>
internal sealed class NoiseBuffers : nn.Module
{
    private readonly int _count;

    public NoiseBuffers(GeneratorSpec spec)
        : base(nameof(NoiseBuffers))
    {
        _count = (2 * spec.Blocks) + 1;
        for (int i = 0; i < _count; i++)
        {
            int resolution = 4 << ((i + 1) / 2);
            register_buffer(Name(i), zeros(1, 1, resolution, resolution).DetachFromDisposeScope());
        }
    }

    /// <summary>[1, 1, H, W]</summary>
    public Tensor this[int index] => get_buffer(Name(index))!;

    public void Initialize(torch.Generator random)
    {
        for (int i = 0; i < _count; i++)
            Initialization.Normal(this[i], random);
    }

    private static string Name(int index) => $"noise_{index}";
}
