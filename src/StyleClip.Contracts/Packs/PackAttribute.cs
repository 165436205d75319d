using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace StyleClip.Contracts.Packs;

/// <summary>Something that a picture has or has not, decided by one of the values that a pack's attribute network reads.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "the field's word; no attribute of .NET")]
public sealed record PackAttribute
{
    /// <summary>For people, unique within the pack.</summary>
    public required string Name { get; init; }

    /// <summary>Texts that ask for it, alone or within a longer prompt; none where no prompt does.</summary>
    public required ImmutableArray<string> Prompts { get; init; }

    /// <summary>Which value of the network decides, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The picture has the attribute above this value; below it where <see cref="Below"/> is true.</summary>
    public required float Threshold { get; init; }

    /// <summary>Whether the attribute lies below the threshold, as "sad" lies below "smiling".</summary>
    public bool Below { get; init; }

    /// <summary>
    /// Attributes of one group exclude one another: no edit for one of them is to blame when another goes. Null for an attribute that is
    /// alone.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>Whether a picture with this value has the attribute.</summary>
    /// <param name="value">The network's value number <see cref="Index"/>.</param>
    public bool Holds(float value) => Below ? value < Threshold : value > Threshold;
}
