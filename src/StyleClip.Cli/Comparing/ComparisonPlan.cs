using StyleClip.Cli.Running;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Comparing;

/// <summary>
/// A comparison as sweeps: one per direction table and one per method, so that a change of one method's settings leaves what the others have
/// made as it is.
/// </summary>
/// <param name="Spec">What was asked for.</param>
/// <param name="Pack">Digest of the pack's manifest.</param>
/// <param name="Tables">The direction tables: measured before the rest, so that what a table costs is known. None without directions.</param>
/// <param name="Methods">One sweep per method of the spec, with one job per prompt.</param>
internal sealed record ComparisonPlan(ComparisonSpec Spec, Digest Pack, IReadOnlyList<SweepPlan> Tables, IReadOnlyList<SweepPlan> Methods)
{
    /// <summary>The bank that the jobs take their latents from.</summary>
    public BankSpec Bank => Methods[0].Jobs[0].Bank;

    /// <summary>Reads and checks the spec, and brings its pack and latents into the store.</summary>
    /// <exception cref="SpecException">The spec has mistakes; the store is untouched.</exception>
    public static async Task<ComparisonPlan> Read(string path, IArtifactStore store, CancellationToken cancellationToken)
    {
        SpecFile file = await SpecFile.Open(path, store, cancellationToken);
        ComparisonSpec spec = ComparisonSpecReader.Read(file.Yaml, path, file.Context);
        Digest pack = await file.PublishPack(spec.Pack, cancellationToken);
        return Of(spec, pack, (await file.Manifest(spec.Pack, cancellationToken)).Generator, await file.PutLatents(spec.Bank, cancellationToken));
    }

    /// <summary>Plans the jobs of a valid <paramref name="spec"/> whose pack and latent file are in the store.</summary>
    public static ComparisonPlan Of(ComparisonSpec spec, Digest pack, PackGenerator generator, Digest? latents) => new(
        spec,
        pack,
        [.. TablesOf(spec, pack, generator)],
        [.. spec.Methods.Select(method => new SweepPlan
        {
            Name = spec.Name,
            Jobs = [.. spec.Prompts.Select(prompt => new JobSpec
            {
                Prompt = prompt.Text,
                Neutral = prompt.Neutral,
                Pack = pack,
                Bank = spec.Bank with { Path = null, Digest = latents },
                Recipe = Recipe(prompt.Recipe, method, spec.Latents),
                Seed = spec.Seed,
                Gate = new GateSpec(), // whatever comes out is compared
                Method = MethodOf(method) is var edit && edit == EditMethod.Mapper ? null : edit,
            })],
        })]);

    private static IEnumerable<SweepPlan> TablesOf(ComparisonSpec spec, Digest pack, PackGenerator generator)
    {
        if (!spec.Methods.Contains(ComparisonMethod.Direction)) return [];
        return spec.Prompts.Select(prompt => (prompt.Recipe.Direction ?? new DirectionRecipe()).Table).Distinct().Select(table => SweepPlan.Of(
            new SweepSpec { Name = spec.Name, Pack = spec.Pack, Prompts = [], Tables = [new TableSpec { Name = table.DefaultName(), Spec = table }] },
            pack,
            generator));
    }

    private static EditMethod MethodOf(ComparisonMethod method) => method switch
    {
        ComparisonMethod.Mapper => EditMethod.Mapper,
        ComparisonMethod.Direction => EditMethod.Direction,
        _ => EditMethod.Optimization,
    };

    private static RecipeSpec Recipe(RecipeSpec recipe, ComparisonMethod method, int latents)
    {
        OptimizationRecipe wanted = (recipe.Optimization ?? new OptimizationRecipe()) with { Count = latents };
        RecipeSpec whole = method switch
        {
            ComparisonMethod.Optimization => recipe with { Optimization = wanted with { Kind = OptimizationKind.StyleClip, Space = OptimizationSpace.WPlus } },
            ComparisonMethod.OptimizationInStyleSpace => recipe with { Optimization = wanted with { Kind = OptimizationKind.StyleClip, Space = OptimizationSpace.StyleSpace } },
            ComparisonMethod.TediGan => recipe with { Optimization = wanted with { Kind = OptimizationKind.TediGan, Space = OptimizationSpace.WPlus } },
            _ => recipe,
        };
        return whole.For(MethodOf(method), budget: null);
    }
}
