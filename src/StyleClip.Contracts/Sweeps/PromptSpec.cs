using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Sweeps;

/// <summary>One prompt of a sweep.</summary>
public sealed record PromptSpec
{
    /// <summary>The text that the edited image should match, 1 to 1,000 characters.</summary>
    public required string Text { get; init; }

    /// <summary>The text that describes the unedited image. Needed for <see cref="ClipTarget.Directional"/>; otherwise it is measured only.</summary>
    public string? Neutral { get; init; }

    /// <summary>The sweep's recipe with this prompt's overrides applied.</summary>
    public required RecipeSpec Recipe { get; init; }

    /// <summary>How the edit is made.</summary>
    public EditMethod Method { get; init; }
}
