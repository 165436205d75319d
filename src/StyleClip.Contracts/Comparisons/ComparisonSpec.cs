using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Comparisons;

/// <summary>What a user asks for: methods times prompts times held-out latents, on one pack, measured alike.</summary>
public sealed record ComparisonSpec
{
    /// <summary>Latents that are edited where the user does not say how many.</summary>
    public const int DefaultLatents = 6;

    /// <summary>What is compared where the user does not say: the paper's three methods and its baseline.</summary>
    public static IReadOnlyList<ComparisonMethod> DefaultMethods { get; } =
        [ComparisonMethod.Mapper, ComparisonMethod.Direction, ComparisonMethod.Optimization, ComparisonMethod.TediGan];

    /// <summary>Name of the comparison, <c>[a-z0-9-]</c>, at most 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Name of a pack, or a path (relative to the spec) of a folder that holds one.</summary>
    public required string Pack { get; init; }

    /// <summary>The recipe, resolved from its name. Each method takes the part that concerns it.</summary>
    public required RecipeSpec Recipe { get; init; }

    /// <summary>The prompts, 1 to 100.</summary>
    public required IReadOnlyList<ComparisonPrompt> Prompts { get; init; }

    /// <summary>The methods, each at most once: the columns of the report.</summary>
    public IReadOnlyList<ComparisonMethod> Methods { get; init; } = DefaultMethods;

    /// <summary>Latents that every method edits, 1 to 64: the first held-out ones of the bank, and the rows of the report.</summary>
    public int Latents { get; init; } = DefaultLatents;

    /// <summary>Latents to train and validate on.</summary>
    public BankSpec Bank { get; init; } = new();

    /// <summary>Seed of initial weights and of the order of the latents.</summary>
    public long Seed { get; init; }
}
