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
