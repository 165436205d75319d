using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

// B batch, L style layers (18 at 1024 px), D style width, C channels, H W pixels.

/// <summary>
/// StyleGAN2 generator (StyleGAN2, config F and narrower ones) with the state-dict keys of the published PyTorch models.
/// It takes w, W+ or style space. A new generator holds zeros: load weights into it or call <see cref="Initialize"/>.
/// </summary>
public sealed class Generator : nn.Module
{
    [ComponentName(Name = UpstreamKeys.Mapping)]
    private readonly MappingNetwork _mapping;
    private readonly SynthesisNetwork _synthesis;

    /// <summary>Makes a generator of zeros.</summary>
    /// <param name="spec">Its shape.</param>
    /// <param name="device">Where its tensors live; the CPU by default.</param>
    /// <exception cref="ArgumentException">The spec is impossible; the message names the value.</exception>
    public Generator(GeneratorSpec spec, Device? device = null)
        : base(nameof(Generator))
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.Validated();
        _mapping = new MappingNetwork(spec.StyleDim, spec.MappingLayers, normDimension: 1);
        _synthesis = new SynthesisNetwork(spec);
        RegisterComponents();
        _synthesis.RegisterIn(this);
        if (device is not null)
            this.to(device);
    }

    /// <summary>The generator's shape.</summary>
    public GeneratorSpec Spec { get; }

    /// <summary>Draws every weight and noise buffer as StyleGAN2 does before training.</summary>
    /// <param name="random">A generator on the CPU; the same seed gives the same weights on every device.</param>
    public void Initialize(torch.Generator random)
    {
        _mapping.Initialize(random);
        _synthesis.Initialize(random);
    }

    /// <summary>
    /// Makes the generator constant: evaluation mode, no parameter gradients, sums of squared weights computed once. Gradients still
    /// flow to the latents. Call it after loading weights, and again after loading others.
    /// </summary>
    public void Freeze()
    {
        eval();
        foreach (Parameter parameter in parameters())
            parameter.requires_grad = false;
        _synthesis.Freeze();
    }

    /// <summary>Maps z, drawn from a standard normal distribution, to w.</summary>
    /// <param name="z">[B, D]</param>
    /// <returns>w, [B, D]</returns>
    public Tensor MapToW(Tensor z)
    {
        Shape.Require(z, nameof(z), -1, Spec.StyleDim);
        return _mapping.call(z);
    }

    /// <summary>Draws latents towards the mean latent (StyleGAN, appendix B).</summary>
    /// <param name="w">[B, D] or [B, L, D]</param>
    /// <param name="meanW">[D] or [1, D]</param>
    /// <param name="psi">1 leaves the latents as they are, 0 gives the mean.</param>
    /// <returns>A tensor of the shape of <paramref name="w"/>.</returns>
    public Tensor Truncate(Tensor w, Tensor meanW, double psi)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(meanW);
        if (w.shape[^1] != Spec.StyleDim || meanW.numel() != Spec.StyleDim)
            throw new ArgumentException($"Truncation needs latents and a mean latent of width {Spec.StyleDim}; they have {w.shape[^1]} and {meanW.numel()}.");
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = meanW.view(Spec.StyleDim);
        return scope.MoveToOuter(mean + (psi * (w - mean)));
    }

    /// <summary>Gives every style layer the same w.</summary>
    /// <param name="w">[B, D]</param>
    /// <returns>W+, [B, L, D]</returns>
    public Tensor Repeat(Tensor w)
    {
        Shape.Require(w, nameof(w), -1, Spec.StyleDim);
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(w.unsqueeze(1).repeat(1, Spec.StyleLayers, 1));
    }

    /// <summary>Style mixing: the first layers from one latent, the rest from another (StyleGAN, section 3.1).</summary>
    /// <param name="first">[B, D]</param>
    /// <param name="second">[B, D]</param>
    /// <param name="layersOfFirst">How many layers take <paramref name="first"/>, 0 to L.</param>
    /// <returns>W+, [B, L, D]</returns>
    public Tensor Mix(Tensor first, Tensor second, int layersOfFirst)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layersOfFirst);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layersOfFirst, Spec.StyleLayers);
        using DisposeScope scope = NewDisposeScope();
        Tensor head = Repeat(first).narrow(1, 0, layersOfFirst);
        Tensor tail = Repeat(second).narrow(1, layersOfFirst, Spec.StyleLayers - layersOfFirst);
        return scope.MoveToOuter(cat([head, tail], dim: 1));
    }

    /// <summary>Synthesises images with the constant noise buffers.</summary>
    /// <param name="wPlus">[B, L, D]</param>
    /// <returns>[B, 3, H, W], about [-1, 1], not clamped.</returns>
    public Tensor Synthesize(Tensor wPlus)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(SynthesizeFromStyles(Styles(wPlus)));
    }

    /// <summary>The image at every resolution up to <paramref name="size"/>, for training by growing resolution.</summary>
    /// <param name="wPlus">[B, L, D]</param>
    /// <param name="size">4, 8, ... up to the generator's size; larger layers are not run.</param>
    /// <returns>[B, 3, 4, 4], [B, 3, 8, 8], ..., [B, 3, size, size]</returns>
    public Tensor[] SynthesizePyramid(Tensor wPlus, int size)
    {
        if (!Spec.Channels.ContainsKey(size))
            throw new ArgumentOutOfRangeException(nameof(size), size, $"The generator has the resolutions {string.Join(", ", Spec.Channels.Keys)}.");
        using DisposeScope scope = NewDisposeScope();
        Tensor[] images = _synthesis.Synthesize(Styles(wPlus), size, keepAll: true, observe: null);
        foreach (Tensor image in images)
            scope.MoveToOuter(image);
        return images;
    }

    /// <summary>The style vectors that the modulated convolutions use (StyleSpace).</summary>
    /// <param name="wPlus">[B, L, D]</param>
    /// <returns>One [B, C] per vector, in the order of <see cref="GeneratorSpec.StyleWidths"/>.</returns>
    public Tensor[] Styles(Tensor wPlus)
    {
        Shape.Require(wPlus, nameof(wPlus), -1, Spec.StyleLayers, Spec.StyleDim);
        return _synthesis.Styles(wPlus);
    }

    /// <summary>Synthesises images from style vectors.</summary>
    /// <param name="styles">One [B, C] per vector, in the order of <see cref="GeneratorSpec.StyleWidths"/>.</param>
    /// <param name="observe">Called with every layer's key and output; the output lives during the call only.</param>
    /// <returns>[B, 3, H, W], about [-1, 1], not clamped.</returns>
    public Tensor SynthesizeFromStyles(IReadOnlyList<Tensor> styles, Action<string, Tensor>? observe = null)
    {
        RequireStyles(styles);
        if (observe is not null || !_synthesis.IsFixed)
            return _synthesis.Synthesize(styles, Spec.Size, keepAll: false, observe)[0];
        return is_grad_enabled() && styles.Any(style => style.requires_grad)
            ? FixedSynthesis.Apply(_synthesis, styles)
            : FixedSynthesis.ApplyOnly(_synthesis, styles);
    }

    /// <summary>
    /// Runs the synthesis up to a style layer, so that many edits of that layer and of later ones share what comes before. Going on with
    /// <see cref="SynthesizeFrom"/> gives the bits of <see cref="SynthesizeFromStyles"/> for a batch of the same size.
    /// </summary>
    /// <param name="styles">One [B, C] per vector, in the order of <see cref="GeneratorSpec.StyleWidths"/>.</param>
    /// <param name="layer">Index of the first style layer that is not run.</param>
    /// <returns>What the caller goes on from, and disposes.</returns>
    public SynthesisPrefix SynthesizeUntil(IReadOnlyList<Tensor> styles, int layer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, Spec.StyleWidths.Length);
        RequireStyles(styles);
        return _synthesis.Until(styles, layer);
    }

    /// <summary>Finishes a synthesis that <see cref="SynthesizeUntil"/> began.</summary>
    /// <param name="prefix">What was begun; it stays as it is.</param>
    /// <param name="styles">One [B, C] per vector; those of the layers that have run are not read.</param>
    /// <returns>[B, 3, H, W], about [-1, 1], not clamped.</returns>
    public Tensor SynthesizeFrom(SynthesisPrefix prefix, IReadOnlyList<Tensor> styles)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        RequireStyles(styles);
        return _synthesis.Continue(prefix, styles);
    }

    private void RequireStyles(IReadOnlyList<Tensor> styles)
    {
        ArgumentNullException.ThrowIfNull(styles);
        if (styles.Count != Spec.StyleWidths.Length)
            throw new ArgumentException($"{styles.Count} style vectors were given; the generator has {Spec.StyleWidths.Length}.", nameof(styles));
        for (int i = 0; i < styles.Count; i++)
            Shape.Require(styles[i], $"styles[{i}]", -1, Spec.StyleWidths[i]);
    }
}
