using System.Globalization;
using StyleClip.Models.StyleGan2;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace StyleClip.Reference.Literal;

// B batch, L style layers, D style width, C channels, H W pixels.

/// <summary>
/// StyleGAN2 as the paper writes it: each sample has its own weights, scaled by its style and normalised, and all samples go through
/// one convolution with a group per sample. Slow, and with nothing cached. It reads the tensors of a state dict as they are, so that
/// gradients can be asked of them.
/// </summary>
public sealed class LiteralGenerator(GeneratorSpec spec, IReadOnlyDictionary<string, Tensor> weights)
{
    /// <summary>[B, D] to [B, D].</summary>
    public Tensor MapToW(Tensor z)
    {
        Tensor w = z / ((z * z).mean([1L], keepdim: true) + 1e-8).sqrt();
        for (int layer = 1; layer <= spec.MappingLayers; layer++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"style.{layer}");
            Tensor weight = weights[key + ".weight"] * (0.01 / Math.Sqrt(spec.StyleDim));
            w = F.leaky_relu(F.linear(w, weight, weights[key + ".bias"] * 0.01), 0.2) * Math.Sqrt(2);
        }

        return w;
    }

    /// <summary>[B, L, D] to one [B, C] per modulated convolution.</summary>
    public Tensor[] Styles(Tensor wPlus)
    {
        var styles = new List<Tensor> { Style("conv1", wPlus[.., 0]), Style("to_rgb1", wPlus[.., 1]) };
        for (int block = 0; block < spec.Blocks; block++)
        {
            styles.Add(Style($"convs.{2 * block}", wPlus[.., (2 * block) + 1]));
            styles.Add(Style($"convs.{(2 * block) + 1}", wPlus[.., (2 * block) + 2]));
            styles.Add(Style($"to_rgbs.{block}", wPlus[.., (2 * block) + 3]));
        }

        return [.. styles];
    }

    /// <summary>[B, L, D] to [B, 3, H, W].</summary>
    public Tensor Synthesize(Tensor wPlus) => SynthesizeFromStyles(Styles(wPlus));

    /// <summary>One [B, C] per modulated convolution to [B, 3, H, W].</summary>
    public Tensor SynthesizeFromStyles(IReadOnlyList<Tensor> styles)
    {
        long batch = styles[0].shape[0];
        Tensor features = weights["input.input"].repeat(batch, 1, 1, 1);
        features = StyledConv("conv1", features, styles[0], noise: 0);
        Tensor image = Colours("to_rgb1", features, styles[1]);
        for (int block = 0; block < spec.Blocks; block++)
        {
            int style = 2 + (3 * block);
            features = StyledConv($"convs.{2 * block}", features, styles[style], noise: (2 * block) + 1);
            features = StyledConv($"convs.{(2 * block) + 1}", features, styles[style + 1], noise: (2 * block) + 2);
            Tensor larger = Filter(image, weights[$"to_rgbs.{block}.upsample.kernel"], up: 2, padBefore: 2, padAfter: 1);
            image = Colours($"to_rgbs.{block}", features, styles[style + 2]) + larger;
        }

        return image;
    }

    private Tensor Style(string layer, Tensor w)
    {
        Tensor weight = weights[layer + ".conv.modulation.weight"] * (1 / Math.Sqrt(spec.StyleDim));
        return F.linear(w, weight, weights[layer + ".conv.modulation.bias"]);
    }

    private Tensor StyledConv(string layer, Tensor input, Tensor style, int noise)
    {
        Tensor output = ModulatedConv(layer, input, style, normalise: true);
        output = output + (weights[layer + ".noise.weight"] * weights[$"noises.noise_{noise}"]);
        output = output + weights[layer + ".activate.bias"].view(1, -1, 1, 1);
        return F.leaky_relu(output, 0.2) * Math.Sqrt(2);
    }

    private Tensor Colours(string layer, Tensor input, Tensor style) =>
        ModulatedConv(layer, input, style, normalise: false) + weights[layer + ".bias"];

    private Tensor ModulatedConv(string layer, Tensor input, Tensor style, bool normalise)
    {
        Tensor shared = weights[layer + ".conv.weight"]; // [1, out, in, k, k]
        (long outputs, long inputs, long kernel) = (shared.shape[1], shared.shape[2], shared.shape[3]);
        (long batch, long height, long width) = (input.shape[0], input.shape[2], input.shape[3]);
        Tensor own = shared * style.view(batch, 1, inputs, 1, 1) / Math.Sqrt(inputs * kernel * kernel); // [B, out, in, k, k]
        if (normalise) own = own / ((own * own).sum([2L, 3L, 4L], keepdim: true) + 1e-8).sqrt();

        Tensor grouped = input.reshape(1, batch * inputs, height, width);
        if (!weights.TryGetValue(layer + ".conv.blur.kernel", out Tensor? blur))
        {
            Tensor same = F.conv2d(grouped, own.reshape(batch * outputs, inputs, kernel, kernel), padding: [kernel / 2, kernel / 2], groups: batch);
            return same.reshape(batch, outputs, height, width);
        }

        Tensor transposed = own.transpose(1, 2).reshape(batch * inputs, outputs, kernel, kernel);
        Tensor doubled = F.conv_transpose2d(grouped, transposed, strides: [2, 2], groups: batch);
        return Filter(doubled.reshape(batch, outputs, (2 * height) + 1, (2 * width) + 1), blur, up: 1, padBefore: 1, padAfter: 1);
    }

    // Zeros between the pixels, padding, then the flipped kernel over every channel as an image of its own.
    private static Tensor Filter(Tensor input, Tensor kernel, int up, int padBefore, int padAfter)
    {
        (long batch, long channels, long height, long width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        Tensor images = input.reshape(batch * channels, 1, height, 1, width, 1);
        images = F.pad(images, [0, up - 1, 0, 0, 0, up - 1]).reshape(batch * channels, 1, height * up, width * up);
        images = F.pad(images, [padBefore, padAfter, padBefore, padAfter]);
        Tensor filtered = F.conv2d(images, kernel.flip(0, 1).view(1, 1, kernel.shape[0], kernel.shape[1]));
        return filtered.reshape(batch, channels, filtered.shape[2], filtered.shape[3]);
    }
}
