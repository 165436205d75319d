using System.Collections.Immutable;
using StyleClip.Models.StyleGan2;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Models.Tests.StyleGan2;

public sealed class SynthesisPrefixTests
{
    [Theory]
    [InlineData(16, true)]
    [InlineData(144, true)] // wide: the fixed form of the layers
    [InlineData(144, false)]
    public void Going_on_from_any_layer_gives_the_bits_of_a_whole_synthesis(int channels, bool isFrozen)
    {
        set_num_threads(1);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        using Generator generator = Make(isFrozen, (4, channels), (8, channels), (16, channels));
        Tensor[] styles = Styles(generator, batch: 3);
        for (int layer = 0; layer < styles.Length; layer++)
        {
            using SynthesisPrefix prefix = generator.SynthesizeUntil(styles, layer);
            Tensor[] edited = [.. styles];
            edited[layer] = styles[layer] + 1;
            float[] whole = generator.SynthesizeFromStyles(edited).data<float>().ToArray();
            Assert.Equal(whole, generator.SynthesizeFrom(prefix, edited).data<float>().ToArray());
            Assert.Equal(whole, generator.SynthesizeFrom(prefix, edited).data<float>().ToArray()); // the prefix stays as it is
            Assert.NotEqual(whole, generator.SynthesizeFromStyles(styles).data<float>().ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public void A_batch_that_does_not_run_at_once_is_cut_up_as_by_a_whole_synthesis(int layer)
    {
        set_num_threads(1);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        using Generator generator = Make(isFrozen: true, (4, 130), (8, 2), (16, 2), (32, 2), (64, 2), (128, 2), (256, 2));
        Tensor[] styles = Styles(generator, batch: 9); // 8 images of 256 pixels run at once
        using SynthesisPrefix prefix = generator.SynthesizeUntil(styles, layer);
        Assert.Equal(generator.SynthesizeFromStyles(styles).data<float>().ToArray(), generator.SynthesizeFrom(prefix, styles).data<float>().ToArray());
    }

    private static Generator Make(bool isFrozen, params (int Size, int Channels)[] channels)
    {
        Generator generator = new(new GeneratorSpec
        {
            Size = channels[^1].Size,
            StyleDim = 8,
            MappingLayers = 1,
            Channels = channels.ToImmutableSortedDictionary(pair => pair.Size, pair => pair.Channels),
        });
        using torch.Generator random = new(3, CPU);
        generator.Initialize(random);
        if (isFrozen) generator.Freeze();
        return generator;
    }

    private static Tensor[] Styles(Generator generator, int batch)
    {
        using torch.Generator random = new(4, CPU);
        return generator.Styles(generator.Repeat(randn([batch, 8], generator: random)));
    }
}
