using System.Collections.Immutable;
using StyleClip.Models.Clip;

namespace StyleClip.Training.Directions;

/// <summary>
/// The phrasings over which a description is averaged: the ImageNet prompts that CLIP was published with, less the one that speaks of
/// many things (79 of 80).
/// </summary>
public static class PromptTemplates
{
    private const string Place = "{}";

    // Most phrases come with either article before the thing itself, or before the whole.
    private static readonly string[] EitherArticleInside =
    [
        "a bad photo of", "a sculpture of", "a low resolution photo of", "a rendering of", "graffiti of", "a cropped photo of",
        "a tattoo of", "a bright photo of", "a dark photo of", "a drawing of", "a close-up photo of", "a black and white photo of",
        "a painting of", "a pixelated photo of", "a jpeg corrupted photo of", "a blurry photo of", "a photo of", "a good photo of",
        "a doodle of", "a sketch of", "a rendition of", "art of", "itap of",
    ];

    private static readonly string[] PhotoAdjectives = ["hard to see", "clean", "dirty", "cool", "large", "nice", "weird", "small"];

    private static readonly string[] Materials = ["embroidered", "plastic", "origami", "toy", "cartoon", "plushie"];

    private static readonly string[] Single = ["a photo of my {}.", "a photo of one {}.", "itap of my {}."];

    /// <summary>All 79, each with one <c>{}</c> where the description goes.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        .. EitherArticleInside.SelectMany(phrase => new[] { $"{phrase} a {Place}.", $"{phrase} the {Place}." }),
        .. PhotoAdjectives.SelectMany(adjective => new[] { $"a photo of a {adjective} {Place}.", $"a photo of the {adjective} {Place}." }),
        .. Materials.SelectMany(material => new[] { $"a {material} {Place}.", $"the {material} {Place}." }),
        $"a {Place} in a video game.",
        $"the {Place} in a video game.",
        .. Single,
    ];

    /// <summary>
    /// The templates that a tokenizer knows every word of, around given descriptions; the description alone where it knows none. All 79 for
    /// CLIP's own tokenizer, unless a description is very long.
    /// </summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="descriptions">Plain words, such as "face with glasses".</param>
    /// <exception cref="UnknownWordException">A description itself has a word that the tokenizer does not know.</exception>
    /// <exception cref="TextTooLongException">A description itself is too long.</exception>
    public static ImmutableArray<string> Known(ITextTokenizer tokenizer, params IReadOnlyList<string> descriptions)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        foreach (string description in descriptions) tokenizer.Tokenize(description);
        ImmutableArray<string> known = [.. All.Where(template => descriptions.All(description => Knows(tokenizer, Fill(description, [template]).Single())))];
        return known.IsEmpty ? [Place] : known;
    }

    /// <summary>The description put into every template.</summary>
    /// <param name="description">Plain words, such as "face with glasses".</param>
    /// <param name="templates">Templates to use instead of <see cref="All"/>.</param>
    public static IEnumerable<string> Fill(string description, IReadOnlyList<string>? templates = null) =>
        (templates ?? All).Select(template => template.Replace(Place, description, StringComparison.Ordinal));

    private static bool Knows(ITextTokenizer tokenizer, string text)
    {
        try
        {
            tokenizer.Tokenize(text);
            return true;
        }
        catch (Exception exception) when (exception is UnknownWordException or TextTooLongException)
        {
            return false;
        }
    }
}
