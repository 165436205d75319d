using System.Collections.Immutable;
using StyleClip.Models.StyleGan2;

namespace StyleClip.Training.Directions;

/// <summary>Consecutive channels of one style layer: the unit in which a direction table is measured and stored.</summary>
/// <param name="Layer">Index of the style layer, ToRGB layers counted.</param>
/// <param name="FirstChannel">First channel within the layer.</param>
/// <param name="Count">Number of channels.</param>
/// <param name="FirstRow">Row of the first channel in the table.</param>
public readonly record struct DirectionRange(int Layer, int FirstChannel, int Count, int FirstRow)
{
    /// <summary>Cuts a table into ranges. None spans two layers, so that all channels of a range share what comes before their layer.</summary>
    /// <param name="spec">The generator's architecture.</param>
    /// <param name="lastLayer">Last style layer taken; all when null.</param>
    /// <param name="size">Most channels of a range, at least 1.</param>
    public static ImmutableArray<DirectionRange> All(GeneratorSpec spec, int? lastLayer, int size)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var ranges = ImmutableArray.CreateBuilder<DirectionRange>();
        int row = 0;
        for (int layer = 0; layer < spec.StyleWidths.Length && layer <= (lastLayer ?? int.MaxValue); layer++)
        {
            if (spec.StyleIsToRgb[layer]) continue;
            for (int first = 0; first < spec.StyleWidths[layer]; first += size)
            {
                int count = Math.Min(size, spec.StyleWidths[layer] - first);
                ranges.Add(new DirectionRange(layer, first, count, row));
                row += count;
            }
        }

        return ranges.ToImmutable();
    }
}
