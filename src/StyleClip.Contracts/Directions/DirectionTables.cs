using System.Globalization;
using System.Text.Json;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;

namespace StyleClip.Contracts.Directions;

/// <summary>What follows from how a direction table is measured.</summary>
public static class DirectionTables
{
    /// <summary>Channels of a range where nobody chooses otherwise: the unit that a device claims and stores.</summary>
    public const int RangeSize = 64;

    /// <summary>The name that a table has where nobody gives it one: made of its options.</summary>
    public static string DefaultName(this DirectionTableSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(spec.Mode == ChannelSweepMode.Cumulative ? "cumulative" : "independent")}-{spec.Images}-{Digest.Of(JsonSerializer.SerializeToUtf8Bytes(spec, ContractJson.Canonical)).Hex[..8]}");
    }

    /// <summary>Ranges that a table of this generator is cut into. None spans two layers.</summary>
    /// <param name="spec">How the table is measured.</param>
    /// <param name="generator">The generator.</param>
    /// <param name="rangeSize">Most channels of a range, at least 1.</param>
    public static int RangeCount(this DirectionTableSpec spec, PackGenerator generator, int rangeSize = RangeSize)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(rangeSize, 1);
        return StyleLayers(generator).Take((spec.LastLayer ?? int.MaxValue - 1) + 1).Where(layer => !layer.IsToRgb).Sum(layer => (layer.Channels + rangeSize - 1) / rangeSize);
    }

    /// <summary>What is wrong with the table for a generator, as a rule; null where it can be measured.</summary>
    public static string? Problem(this DirectionTableSpec spec, PackGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(spec);
        int last = StyleLayers(generator).Count() - 1;
        return spec.LastLayer > last ? $"must be a style layer of the pack's generator, 0 to {last}" : null;
    }

    /// <summary>The generator's style layers: conv1, to_rgb1, then conv, conv, to_rgb of each resolution.</summary>
    private static IEnumerable<(int Channels, bool IsToRgb)> StyleLayers(PackGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        int? below = null;
        foreach (int channels in generator.Channels.Values) // by resolution
        {
            if (below is { } wide) yield return (wide, IsToRgb: false);
            yield return (channels, IsToRgb: false);
            yield return (channels, IsToRgb: true);
            below = channels;
        }
    }
}
