using System.Collections.Immutable;
using StyleClip.Training.Edits;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>One global edit direction in StyleSpace.</summary>
// C channels of a layer
public sealed class StyleDirection : ICodeEdit
{
    internal StyleDirection(IEnumerable<Tensor> offsets, int survivingChannels, double largestRelevance)
    {
        Offsets = [.. offsets.Select(offset => offset.DetachFromDisposeScope())];
        (SurvivingChannels, LargestRelevance) = (survivingChannels, largestRelevance);
    }

    /// <summary>[C] per style layer, at strength 1; zero for ToRGB layers and for channels below the threshold.</summary>
    public ImmutableArray<Tensor> Offsets { get; }

    /// <summary>How many channels reached the threshold.</summary>
    public int SurvivingChannels { get; }

    /// <summary>Largest relevance of any channel, before the threshold: a threshold above it leaves nothing.</summary>
    public double LargestRelevance { get; }

    /// <summary>No channel reached the threshold: the edit changes nothing.</summary>
    public bool IsEmpty => SurvivingChannels == 0;

    /// <inheritdoc/>
    public bool NeedsWPlus => false;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Offset(ImageCodes codes) => [.. Offsets.Select(offset => offset.unsqueeze(0))];

    /// <summary>styles + strength * offsets; the caller owns the new tensors.</summary>
    /// <param name="styles">[B, C] per style layer.</param>
    /// <param name="strength">May be negative.</param>
    /// <param name="layers">The style layers that move; all when null.</param>
    public Tensor[] Apply(IReadOnlyList<Tensor> styles, double strength, IReadOnlySet<int>? layers = null)
    {
        ArgumentNullException.ThrowIfNull(styles);
        if (styles.Count != Offsets.Length)
            throw new ArgumentException($"There are {styles.Count} style layers; the direction has {Offsets.Length}.", nameof(styles));
        return
        [
            .. styles.Select((style, layer) => layers is null || layers.Contains(layer)
                ? style.add(Offsets[layer], alpha: strength)
                : style.clone()),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor offset in Offsets) offset.Dispose();
    }
}
