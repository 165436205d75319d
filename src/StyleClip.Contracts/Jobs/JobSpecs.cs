using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Jobs;

/// <summary>What follows from a job's spec.</summary>
public static class JobSpecs
{
    /// <summary>The name of what the job makes: the prompt's for mappers, with the method in it for others.</summary>
    public static string Slug(this JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec switch
        {
            { Table: not null } => Library.Slug.Of(spec.Prompt, "table"),
            { Method: EditMethod.Direction } => Library.Slug.Of(spec.Prompt, "direction"),
            { Method: EditMethod.Optimization, Recipe.Optimization.Kind: OptimizationKind.TediGan } => Library.Slug.Of(spec.Prompt, "tedigan"),
            { Method: EditMethod.Optimization, Recipe.Optimization.Kind: OptimizationKind.Free } => Library.Slug.Of(spec.Prompt, "free"),
            { Method: EditMethod.Optimization } => Library.Slug.Of(spec.Prompt, "optimization"),
            _ => Library.Slug.Of(spec.Prompt),
        };
    }

    /// <summary>
    /// Devices that can share the job: a mapper's training is divided into micro-shards, a direction table into ranges; a direction and an
    /// optimisation are not divided.
    /// </summary>
    public static int MaxWidth(this JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Table is not null ? spec.Recipe.Steps : spec.Method is null or EditMethod.Mapper ? spec.Recipe.Batch.MicroShards : 1;
    }
}
