using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

// B batch, L style layers (18 at 1024 px), D style width, C channels, H W pixels.

/// <summary>
/// Synthesises an image from style vectors. It is no module: the published keys have its layers at the top level of the generator,
/// see <see cref="RegisterIn"/>.
/// </summary>
#pragma warning disable CA1001 // The generator owns the layers: registering them makes it dispose them.
internal sealed class SynthesisNetwork
#pragma warning restore CA1001
{
    /// <summary>
    /// Widest layer for which features keep their channels together in memory on a CPU. Measured forward and backward on one thread:
    /// widths 32 to 96 at 64 pixels, batch 8, take 60 ms so and 66 ms otherwise; widths up to 512 gain nothing, and their long sums round 3
    /// times as far.
    /// </summary>
    private const int WidestChannelsLast = 128;

    /// <summary>
    /// Most pixels of a batch that runs at once by fixed weights. From 512 pixels on a layer of several images takes much memory, that of
    /// the native convolutions included, and is no faster than one image after the other.
    /// </summary>
    private const int PixelsAtOnce = 8 * 256 * 256;

    private readonly GeneratorSpec _spec;
    private readonly bool _narrow;
    private readonly ConstantInput _input;
    private readonly StyledConv _conv1;
    private readonly ToRgb _toRgb1;
    private readonly ModuleList<StyledConv> _convs = new();
    private readonly ModuleList<ToRgb> _toRgbs = new();
    private readonly NoiseBuffers _noises;

    public SynthesisNetwork(GeneratorSpec spec)
    {
        _spec = spec;
        _narrow = spec.Channels.Values.Max() <= WidestChannelsLast;
        int channels = spec.Channels[ConstantInput.Size];
        _input = new ConstantInput(channels);
        _conv1 = new StyledConv(channels, channels, spec.StyleDim, upsample: false);
        _toRgb1 = new ToRgb(channels, spec.StyleDim, upsample: false);
        for (int block = 0; block < spec.Blocks; block++)
        {
            int outputs = spec.Channels[8 << block];
            _convs.Add(new StyledConv(channels, outputs, spec.StyleDim, upsample: true));
            _convs.Add(new StyledConv(outputs, outputs, spec.StyleDim, upsample: false));
            _toRgbs.Add(new ToRgb(outputs, spec.StyleDim, upsample: true));
            channels = outputs;
        }
        _noises = new NoiseBuffers(spec);
    }

    public void RegisterIn(nn.Module generator)
    {
        generator.register_module("input", _input);
        generator.register_module("conv1", _conv1);
        generator.register_module("to_rgb1", _toRgb1);
        generator.register_module("convs", _convs);
        generator.register_module("to_rgbs", _toRgbs);
        generator.register_module("noises", _noises);
    }

    public void Initialize(torch.Generator random)
    {
        _input.Initialize(random);
        _conv1.Initialize(random);
        _toRgb1.Initialize(random);
        foreach (StyledConv conv in _convs)
            conv.Initialize(random);
        foreach (ToRgb toRgb in _toRgbs)
            toRgb.Initialize(random);
        _noises.Initialize(random);
    }

    public void Freeze()
    {
        _conv1.Freeze();
        foreach (StyledConv conv in _convs)
            conv.Freeze();
    }

    /// <summary>[B, L, D] -> one [B, C] per style vector</summary>
    public Tensor[] Styles(Tensor wPlus)
    {
        using DisposeScope scope = NewDisposeScope();
        var styles = new Tensor[_spec.StyleWidths.Length];
        for (int i = 0; i < styles.Length; i++)
        {
            Tensor row = wPlus.select(1, _spec.StyleRows[i]); // [B, D]
            styles[i] = scope.MoveToOuter(Modulate(i, row));
        }
        return styles;
    }

    /// <summary>Number of style vectors.</summary>
    public int StyleCount => _spec.StyleWidths.Length;

    /// <summary>Number of styled layers.</summary>
    public int LayerCount => _convs.Count + 1;

    /// <summary>
    /// Whether the gradient by hand may be used: the weights are fixed, and the network is so wide that fewer large tensors count more than
    /// fewer operations.
    /// </summary>
    public bool IsFixed => !_narrow && _conv1.IsFixed;

    /// <summary>Cuts styles, one [B, C] per vector, to the numbers of images that run at once.</summary>
    public IEnumerable<Tensor[]> Slices(IReadOnlyList<Tensor> styles)
    {
        long batch = styles[0].shape[0], atOnce = Math.Max(1, PixelsAtOnce / (_spec.Size * _spec.Size));
        for (long first = 0; first < batch; first += atOnce)
        {
            long count = Math.Min(atOnce, batch - first);
            yield return [.. styles.Select(style => style.narrow(0, first, count))];
        }
    }

    /// <summary>The image outside autograd, [B, 3, H, W].</summary>
    /// <param name="styles">One [B, C] per style vector.</param>
    /// <param name="features">Gets the output of every styled layer, in order; null to let go of each as soon as it was read.</param>
    public Tensor SynthesizeFixed(IReadOnlyList<Tensor> styles, List<Tensor>? features)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor latest = Kept(_conv1.Fixed(_input.Features, styles[0], _noises[0]));
        Tensor image = _toRgb1.call(latest, styles[1], null);
        for (int layer = 0; layer < _convs.Count; layer++)
        {
            int style = StyleOf(layer);
            Tensor next = Kept(_convs[layer].Fixed(latest, styles[style], _noises[layer + 1]));
            if (features is null)
                latest.Dispose();
            latest = next;
            if (layer % 2 == 1)
                image = _toRgbs[layer / 2].call(latest, styles[style + 1], image);
        }
        foreach (Tensor kept in features ?? [])
            scope.MoveToOuter(kept);
        return scope.MoveToOuter(image);

        Tensor Kept(Tensor output)
        {
            features?.Add(output);
            return output;
        }
    }

    /// <summary>Gradients of <see cref="SynthesizeFixed"/> by the styles.</summary>
    /// <param name="styles">What it was given.</param>
    /// <param name="features">What it kept.</param>
    /// <param name="ofImage">[B, 3, H, W], of the image.</param>
    public Tensor[] Gradients(Tensor[] styles, Tensor[] features, Tensor ofImage)
    {
        using DisposeScope scope = NewDisposeScope();
        var gradients = new Tensor[styles.Length];
        Tensor? ofFeatures = null; // by what reads a layer's output but for the colours
        for (int layer = _convs.Count - 1; layer >= 0; layer--)
        {
            int style = StyleOf(layer);
            if (layer % 2 == 1)
                ofFeatures = ToFeatures(_toRgbs[layer / 2], layer + 1, style + 1);
            (ofFeatures, gradients[style]) = _convs[layer].FixedGradient(features[layer], styles[style], _noises[layer + 1], features[layer + 1], ofFeatures!);
        }
        ofFeatures = ToFeatures(_toRgb1, 0, 1);
        Tensor constant = _input.Features.expand(ofImage.shape[0], -1, -1, -1);
        (_, gradients[0]) = _conv1.FixedGradient(constant, styles[0], _noises[0], features[0], ofFeatures);
        foreach (Tensor gradient in gradients)
            scope.MoveToOuter(gradient);
        return gradients;

        Tensor ToFeatures(ToRgb toRgb, int feature, int style)
        {
            (Tensor sum, gradients[style], Tensor? ofSmaller) = toRgb.FixedGradient(features[feature], styles[style], ofImage);
            if (ofFeatures is not null)
            {
                sum.add_(ofFeatures);
                ofFeatures.Dispose();
            }
            ofImage = ofSmaller ?? ofImage;
            return sum;
        }
    }

    /// <summary>Images of 4, 8, ..., <paramref name="size"/> pixels; all but the last are dropped unless <paramref name="keepAll"/>.</summary>
    public Tensor[] Synthesize(IReadOnlyList<Tensor> styles, int size, bool keepAll, Action<string, Tensor>? observe)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = Observed("conv1", _conv1.call(Arranged(_input.Features), styles[0], _noises[0]));
        Tensor image = Observed("to_rgb1", _toRgb1.call(features, styles[1], null));
        var images = new List<Tensor> { image };
        for (int block = 0; 8 << block <= size; block++)
        {
            (int first, int second) = (2 * block, (2 * block) + 1);
            int style = 2 + (3 * block);
            features = Step($"convs.{first}", features, _convs[first].call(features, styles[style], _noises[first + 1]));
            features = Step($"convs.{second}", features, _convs[second].call(features, styles[style + 1], _noises[second + 1]));
            image = Observed($"to_rgbs.{block}", _toRgbs[block].call(features, styles[style + 2], image));
            if (!keepAll)
                images.Clear();
            images.Add(image);
        }
        foreach (Tensor result in images)
            scope.MoveToOuter(result);
        return [.. images];

        // Large features are let go as soon as the next layer has read them (autograd keeps what it needs).
        Tensor Step(string name, Tensor before, Tensor after)
        {
            before.Dispose();
            return Observed(name, after);
        }

        Tensor Observed(string name, Tensor output)
        {
            observe?.Invoke(name, output);
            return output;
        }
    }

    // conv1 and to_rgb1 have the first two, each resolution three.
    private static int StyleOf(int layer) => 2 + (3 * (layer / 2)) + (layer % 2);

    /// <summary>Runs the style layers before <paramref name="layer"/>; the others' styles are not read.</summary>
    public SynthesisPrefix Until(IReadOnlyList<Tensor> styles, int layer)
    {
        using DisposeScope scope = NewDisposeScope();
        if (layer == 0)
            return new SynthesisPrefix(0, Arranged(_input.Features).clone(), null);
        (Tensor Features, Tensor? Image)[] parts = [.. AtOnce(styles).Select(slice => Advance(Arranged(_input.Features), null, slice, 0, layer))];
        return parts is [var whole]
            ? new SynthesisPrefix(layer, whole.Features, whole.Image)
            : new SynthesisPrefix(layer, cat([.. parts.Select(part => part.Features)]), layer == 1 ? null : cat([.. parts.Select(part => part.Image!)]));
    }

    /// <summary>Runs the style layers that a prefix has not run; the others' styles are not read.</summary>
    public Tensor Continue(SynthesisPrefix prefix, IReadOnlyList<Tensor> styles)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> images = [];
        long first = 0;
        foreach (Tensor[] slice in AtOnce(styles))
        {
            using DisposeScope part = NewDisposeScope();
            long count = slice[0].shape[0];
            Tensor features = prefix.Layer == 0 ? prefix.Features : prefix.Features.narrow(0, first, count);
            (_, Tensor? image) = Advance(features, prefix.Image?.narrow(0, first, count), slice, prefix.Layer, styles.Count);
            images.Add(image!.MoveToOtherDisposeScope(scope));
            first += count;
        }

        return scope.MoveToOuter(images is [var only] ? only : cat(images));
    }

    // As a whole synthesis cuts them.
    private IEnumerable<Tensor[]> AtOnce(IReadOnlyList<Tensor> styles) => IsFixed ? Slices(styles) : [[.. styles]];

    // One style layer after another, by the operations of a whole synthesis in their order: the same bits.
    private (Tensor Features, Tensor? Image) Advance(Tensor features, Tensor? image, Tensor[] styles, int from, int to)
    {
        for (int style = from; style < to; style++)
        {
            (int block, int layer) = Math.DivRem(style - 2, 3);
            if (style == 0) features = Styled(_conv1, 0);
            else if (style == 1) image = _toRgb1.call(features, styles[1], null);
            else if (layer == 2) image = _toRgbs[block].call(features, styles[style], image);
            else features = Styled(_convs[(2 * block) + layer], (2 * block) + layer + 1);

            Tensor Styled(StyledConv conv, int noise) => IsFixed
                ? conv.Fixed(features, styles[style], _noises[noise])
                : conv.call(features, styles[style], _noises[noise]);
        }

        return (features, image);
    }

    // Every later operation keeps the memory order of its input.
    private Tensor Arranged(Tensor features) => _narrow && features.device_type == DeviceType.CPU
        ? features.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
        : features;

    private Tensor Modulate(int style, Tensor w)
    {
        if (style < 2)
            return style == 0 ? _conv1.Modulate(w) : _toRgb1.Modulate(w);
        (int block, int layer) = Math.DivRem(style - 2, 3);
        return layer == 2 ? _toRgbs[block].Modulate(w) : _convs[(2 * block) + layer].Modulate(w);
    }
}
