using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Sweeps;

/// <summary>What a user asks for: many prompts, one recipe, one pack; or direction tables of a pack; or both.</summary>
public sealed record SweepSpec
{
    /// <summary>Name of the sweep, <c>[a-z0-9-]</c>, at most 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Name of a pack, or a path (relative to the spec) of a folder that holds one.</summary>
    public required string Pack { get; init; }

    /// <summary>The recipe, resolved from its name; absent for a sweep without prompts.</summary>
    public RecipeSpec? Recipe { get; init; }

    /// <summary>The prompts, at most 10,000, each text once per method and set of overrides.</summary>
    public required IReadOnlyList<PromptSpec> Prompts { get; init; }

    /// <summary>Direction tables to measure, at most 1,000. They need neither recipe nor bank.</summary>
    public IReadOnlyList<TableSpec> Tables { get; init; } = [];

    /// <summary>Latents to train and validate on.</summary>
    public BankSpec Bank { get; init; } = new();

    /// <summary>Seed of the mapper's initial weights and of the order of the latents.</summary>
    public long Seed { get; init; }

    /// <summary>Limits on what the sweep may use.</summary>
    public BudgetSpec Budget { get; init; } = new();

    /// <summary>What a mapper must reach to be published.</summary>
    public GateSpec Gate { get; init; } = new();
}
