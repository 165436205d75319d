using System.Collections.Immutable;
using StyleClip.Contracts.Packs;

namespace StyleClip.Training.Comparison;

/// <summary>What a pack's attribute network can say of the edits for a prompt.</summary>
public sealed class AttributeTruth
{
    private readonly ImmutableArray<PackAttribute> _asked;
    private readonly ImmutableArray<PackAttribute> _others;

    private AttributeTruth(ImmutableArray<PackAttribute> asked, ImmutableArray<PackAttribute> others) => (_asked, _others) = (asked, others);

    /// <summary>Looks up what a prompt asks for; null where it asks for nothing that the network reads.</summary>
    /// <param name="section">The pack's attributes.</param>
    /// <param name="prompt">The prompt.</param>
    public static AttributeTruth? Of(PackAttributes section, string prompt)
    {
        ArgumentNullException.ThrowIfNull(section);
        ImmutableArray<PackAttribute> asked = section.AskedBy(prompt);
        if (asked.IsEmpty) return null;
        var groups = asked.Select(attribute => attribute.Group).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new(asked, [.. section.List.Where(attribute => !asked.Contains(attribute) && (attribute.Group is null || !groups.Contains(attribute.Group)))]);
    }

    /// <summary>1 where a picture shows everything that the prompt asks for, else 0.</summary>
    /// <param name="values">What the network read off the picture.</param>
    public double Shows(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return _asked.All(attribute => attribute.Holds(values[attribute.Index])) ? 1 : 0;
    }

    /// <summary>Share of the other attributes that came or went; null where there are none.</summary>
    /// <param name="before">What the network read off the source image.</param>
    /// <param name="after">What it read off the edited image.</param>
    public double? OthersChanged(float[] before, float[] after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return _others.IsEmpty ? null : _others.Average(attribute => attribute.Holds(before[attribute.Index]) != attribute.Holds(after[attribute.Index]) ? 1.0 : 0.0);
    }
}
