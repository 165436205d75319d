using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>
/// Shape of a network that reads attributes off pictures, and what its values mean. It judges edits and takes no part in training them, so
/// that it can contradict CLIP.
/// </summary>
public sealed record PackAttributes
{
    /// <summary>Side of the square input, pixels; the pack's images are brought to it.</summary>
    public required int InputSize { get; init; }

    /// <summary>Size of the embedding from which the values are read.</summary>
    public required int EmbeddingDim { get; init; }

    /// <summary>Stride of the first convolution.</summary>
    public int StemStride { get; init; } = 1;

    /// <summary>By how much squeeze-and-excitation narrows the channels.</summary>
    public int SqueezeReduction { get; init; } = 16;

    /// <summary>The runs of residual units.</summary>
    public required ImmutableArray<PackIdentityStage> Stages { get; init; }

    /// <summary>How many values the network reads off a picture.</summary>
    public required int Values { get; init; }

    /// <summary>What can be said of a picture by them.</summary>
    public required ImmutableArray<PackAttribute> List { get; init; }

    /// <summary>
    /// The attributes that a prompt asks for: those with a text whose words stand in it side by side. A longer text takes its words first, so
    /// that "without glasses" does not ask for glasses.
    /// </summary>
    /// <param name="prompt">A prompt; case and punctuation do not count.</param>
    public ImmutableArray<PackAttribute> AskedBy(string prompt)
    {
        string[] words = Words(prompt);
        bool[] taken = new bool[words.Length];
        var asked = new HashSet<PackAttribute>(ReferenceEqualityComparer.Instance);
        var texts = List.SelectMany(attribute => attribute.Prompts.Select(text => (Attribute: attribute, Words: Words(text))));
        foreach (var ofOneLength in texts.Where(text => text.Words.Length > 0).GroupBy(text => text.Words.Length).OrderByDescending(group => group.Key))
        {
            bool[] free = [.. taken.Select(isTaken => !isTaken)];
            foreach ((PackAttribute attribute, string[] text) in ofOneLength)
            {
                for (int at = 0; at + text.Length <= words.Length; at++)
                {
                    if (!words.AsSpan(at, text.Length).SequenceEqual(text) || free.AsSpan(at, text.Length).Contains(false)) continue;
                    asked.Add(attribute);
                    taken.AsSpan(at, text.Length).Fill(true);
                }
            }
        }

        return [.. List.Where(asked.Contains)];
    }

    private static string[] Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        char[] letters = [.. text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')];
        return new string(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
