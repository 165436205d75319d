using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Tests.Wire;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Sweeps;

public sealed class SweepPlanTests
{
    [Fact]
    public void A_mapper_s_job_is_the_same_whatever_the_recipe_says_of_other_methods()
    {
        JobSpec plain = Assert.Single(Plan("recipe: default\nprompts: [a smile]").Jobs);
        JobSpec other = Assert.Single(Plan("recipe: {base: default, optimization: {count: 3}, direction: {alpha: 9}}\nmethod: mapper\nprompts: [a smile]").Jobs);

        Assert.Null(plain.Method);
        Assert.Equal(JobId.Of(plain), JobId.Of(other));
    }

    [Fact]
    public void An_optimisation_s_steps_are_those_of_all_its_latents()
    {
        JobSpec job = Assert.Single(Plan("recipe: {base: default, optimization: {count: 3}}\nmethod: optimization\nprompts: [a smile]\nbudget: {steps: 100}").Jobs);

        Assert.Equal((EditMethod.Optimization, 300, 100, 1), (job.Method, job.Recipe.Steps, job.Recipe.Optimization!.StepsOrPublished(), job.MaxWidth()));
    }

    [Fact]
    public void Free_generation_is_one_latent_and_the_same_job_whatever_the_recipe_says_of_several()
    {
        JobSpec job = Free("{kind: free}");

        Assert.Equal((300, 1, "a-smile-free-"), (job.Recipe.Steps, job.MaxWidth(), job.Slug()[..13]));
        Assert.Equal(new OptimizationRecipe { Kind = OptimizationKind.Free, Count = 1, Steps = 300, LatentL2 = 0, Identity = 0 }, job.Recipe.Optimization);
        Assert.Equal(JobId.Of(job), JobId.Of(Free("{kind: free, count: 3, steps: 300, start: code, latentL2: 0.5, identity: 0.5}")));
        Assert.Equal(4, new[] { job, Free("{kind: free, space: styleSpace}"), Free("{kind: free, steps: 100}"), Free("{kind: free, learningRate: 0.05}") }.Select(JobId.Of).Distinct().Count());

        static JobSpec Free(string optimization) => Assert.Single(Plan($"recipe: {{base: default, optimization: {optimization}}}\nmethod: optimization\nprompts: [a smile]").Jobs);
    }

    [Fact]
    public void A_table_s_job_depends_on_the_table_and_the_pack_alone()
    {
        SweepPlan plan = Plan("tables: [{name: small, images: 4}]");
        SweepPlan other = Plan("tables: [{name: small, images: 4}]\nseed: 3\nbank: {count: 8, validation: 2}\ngate: {clipGain: 0.1}\nrecipe: default\nprompts: [a smile]");

        // 96 channels at 4 pixels; 96 and 64 at 8: five ranges of at most 64.
        Assert.Equal(("small", 5, 5, "small-table-"), (plan.Jobs[0].Prompt, plan.Jobs[0].Recipe.Steps, plan.Jobs[0].MaxWidth(), plan.Jobs[0].Slug()[..12]));
        Assert.Equal(JobId.Of(plan.Jobs[0]), JobId.Of(other.Jobs[0]));
        Assert.Equal(2, other.Jobs.Count);
    }

    private static SweepPlan Plan(string yaml) =>
        SweepPlan.Of(SweepSpecReader.Read($"name: s\npack: demo\n{yaml}\n", "s.yaml", new SweepSpecContext()), Digest.Of("pack"u8), Samples.Generator);
}
