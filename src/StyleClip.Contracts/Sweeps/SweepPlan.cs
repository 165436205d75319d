using System.Text.Json;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Sweeps;

/// <summary>A sweep expanded into jobs: what is submitted to the cluster.</summary>
public sealed record SweepPlan
{
    /// <summary>Name given by the user.</summary>
    public required string Name { get; init; }

    /// <summary>One spec per table, then one per prompt, in the user's order.</summary>
    public required IReadOnlyList<JobSpec> Jobs { get; init; }

    /// <summary>Devices that the sweep may use at the same time; absent: all.</summary>
    public int? MaxDevices { get; init; }

    /// <summary>Sweeps of higher priority get devices first, 0 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>The id: the name and a hash of the jobs, so that a changed spec is another sweep and the same one is found again.</summary>
    public SweepId Id => new($"{Name}-{Digest.Of(JsonSerializer.SerializeToUtf8Bytes(Jobs, ContractJson.Canonical)).Hex[..8]}");

    /// <summary>Expands a valid <paramref name="spec"/> whose pack and latent file have been looked up.</summary>
    /// <param name="spec">What the user asked for.</param>
    /// <param name="pack">Digest of the pack's manifest.</param>
    /// <param name="generator">The pack's generator: what a direction table is divided by.</param>
    /// <param name="latents">Digest of the latent file, for a bank read from one.</param>
    public static SweepPlan Of(SweepSpec spec, Digest pack, PackGenerator generator, Digest? latents = null) => new()
    {
        Name = spec.Name,
        MaxDevices = spec.Budget.Devices,
        Priority = spec.Budget.Priority,
        Jobs = [.. spec.Tables.Select(table => Of(table, pack, generator)), .. spec.Prompts.Select(prompt => Of(prompt, spec, pack, latents))],
    };

    private static JobSpec Of(PromptSpec prompt, SweepSpec spec, Digest pack, Digest? latents) => new()
    {
        Prompt = prompt.Text,
        Neutral = prompt.Neutral,
        Pack = pack,
        // The path is where the user keeps the file; the digest is what is trained on.
        Bank = spec.Bank with { Path = null, Digest = latents },
        Recipe = prompt.Recipe.For(prompt.Method, spec.Budget.Steps),
        Seed = spec.Seed,
        Gate = spec.Gate,
        Method = prompt.Method == EditMethod.Mapper ? null : prompt.Method,
    };

    // A table depends on its own spec alone: everything else is the same for all of them.
    private static JobSpec Of(TableSpec table, Digest pack, PackGenerator generator) => new()
    {
        Prompt = table.Name,
        Pack = pack,
        Bank = new BankSpec(),
        Recipe = new RecipeSpec { Name = "table", Steps = table.Spec.RangeCount(generator) },
        Seed = 0,
        Gate = new GateSpec(),
        Table = table.Spec,
    };
}
