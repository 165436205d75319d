using System.Collections.Immutable;
using System.Globalization;
using StyleClip.Models.Packs;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

// E CLIP features

/// <summary>The global edit direction of a prompt. Owns the direction.</summary>
/// <param name="Direction">The direction; never empty.</param>
/// <param name="Beta">The threshold that was given or chosen.</param>
/// <param name="Templates">Phrasings of the texts that the pack knows, over which they were averaged.</param>
public sealed record FoundDirection(StyleDirection Direction, double Beta, int Templates) : IDisposable
{
    /// <summary>Looks a text's direction up in a table.</summary>
    /// <param name="networks">The pack's networks.</param>
    /// <param name="table">The pack's table, on the networks' device.</param>
    /// <param name="target">What the edited image shows.</param>
    /// <param name="neutral">What the unedited image shows.</param>
    /// <param name="beta">Least relevance of a channel; null to choose it.</param>
    /// <param name="autoBetaChannels">Channels that a chosen threshold leaves at least: see <see cref="DirectionTable.ChooseThreshold"/>.</param>
    /// <exception cref="InvalidDataException">No channel reaches the threshold.</exception>
    /// <exception cref="ArgumentException">Both texts mean the same to CLIP, or have words that the pack does not know.</exception>
    public static FoundDirection Of(
        FrozenNetworks networks, DirectionTableFile table, string target, string neutral, double? beta, int autoBetaChannels)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(table);
        using DisposeScope scope = NewDisposeScope();
        ImmutableArray<string> templates = PromptTemplates.Known(networks.Tokenizer, target, neutral);
        Tensor text = TextDirection.Between(networks.Clip, networks.Tokenizer, target, neutral, templates); // [E]
        double threshold = beta ?? table.Table.ChooseThreshold(text, autoBetaChannels);
        StyleDirection direction = table.Table.Find(text, table.Statistics, threshold);
        if (!direction.IsEmpty) return new FoundDirection(direction, threshold, templates.Length);
        direction.Dispose();
        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{target}' against '{neutral}' changes nothing: no channel reaches beta {threshold:0.####}; the largest relevance is {direction.LargestRelevance:0.####}. Give a smaller beta."));
    }

    /// <inheritdoc/>
    public void Dispose() => Direction.Dispose();
}
