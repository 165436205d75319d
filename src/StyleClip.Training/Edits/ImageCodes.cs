using System.Collections.Immutable;
using StyleClip.Models;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Edits;

// N codes, L style layers, D style width, C width of a style vector

/// <summary>Codes of images in the space in which they came: W+, or style space, from which no way leads back to W+.</summary>
public sealed class ImageCodes
{
    private readonly Generator _generator;
    private readonly ImmutableArray<Tensor> _styles; // empty for codes in W+

    private ImageCodes(Generator generator, Tensor? wPlus, ImmutableArray<Tensor> styles) => (_generator, WPlus, _styles) = (generator, wPlus, styles);

    /// <summary>The codes in W+, [N, L, D]; null for codes in style space. The caller's.</summary>
    public Tensor? WPlus { get; }

    /// <summary>Number of codes.</summary>
    public int Count => (int)(WPlus ?? _styles[0]).shape[0];

    /// <summary>Codes in W+.</summary>
    /// <param name="generator">The frozen generator.</param>
    /// <param name="wPlus">[N, L, D]; stays the caller's.</param>
    /// <exception cref="ArgumentException">They are of another generator's sizes.</exception>
    public static ImageCodes InWPlus(Generator generator, Tensor wPlus)
    {
        ArgumentNullException.ThrowIfNull(generator);
        Shape.Require(wPlus, nameof(wPlus), -1, generator.Spec.StyleLayers, generator.Spec.StyleDim);
        return new(generator, wPlus, []);
    }

    /// <summary>Codes in style space.</summary>
    /// <param name="generator">The frozen generator.</param>
    /// <param name="styles">One [N, C] per style vector; stay the caller's.</param>
    /// <exception cref="ArgumentException">They are of another generator's sizes.</exception>
    public static ImageCodes InStyleSpace(Generator generator, IReadOnlyList<Tensor> styles)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(styles);
        if (styles.Count != generator.Spec.StyleWidths.Length)
            throw new ArgumentException($"{styles.Count} style vectors were given; the generator has {generator.Spec.StyleWidths.Length}.", nameof(styles));
        for (int i = 0; i < styles.Count; i++) Shape.Require(styles[i], $"{nameof(styles)}[{i}]", styles[0].shape[0], generator.Spec.StyleWidths[i]);
        return new(generator, null, [.. styles]);
    }

    /// <summary>The codes in style space, one [N, C] per style vector; computed for codes in W+, in the caller's dispose scope.</summary>
    public IReadOnlyList<Tensor> Styles() => WPlus is { } wPlus ? _generator.Styles(wPlus) : _styles;

    /// <summary>Some of the codes, as views in the caller's dispose scope.</summary>
    /// <param name="first">The first, from 0.</param>
    /// <param name="count">How many.</param>
    public ImageCodes Slice(int first, int count) =>
        new(_generator, WPlus?.narrow(0, first, count), [.. _styles.Select(style => style.narrow(0, first, count))]);

    /// <summary>The images of the codes, [N, 3, H, W].</summary>
    public Tensor Synthesize() => WPlus is { } wPlus ? _generator.Synthesize(wPlus) : _generator.SynthesizeFromStyles(_styles);
}
