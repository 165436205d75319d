using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Comparisons;

/// <summary>One prompt of a comparison.</summary>
public sealed record ComparisonPrompt
{
    /// <summary>The text that the edited image should match, 1 to 1,000 characters.</summary>
    public required string Text { get; init; }

    /// <summary>The text that describes the unedited image: where global directions begin, and what directional similarity is measured from.</summary>
    public required string Neutral { get; init; }

    /// <summary>How much of the image the prompt concerns.</summary>
    public required PromptKind Kind { get; init; }

    /// <summary>The comparison's recipe with this prompt's overrides applied.</summary>
    public required RecipeSpec Recipe { get; init; }
}
