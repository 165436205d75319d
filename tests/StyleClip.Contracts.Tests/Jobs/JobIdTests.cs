using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Tests.Wire;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Jobs;

public sealed class JobIdTests
{
    [Fact]
    public void The_id_of_a_job_never_changes() => Assert.Equal("38f32dbfd4989789", JobId.Of(Samples.JobSpec).Value);

    [Fact]
    public void The_id_of_a_job_of_another_method_never_changes() => Assert.Equal("9746c7aadca11be1", JobId.Of(Samples.OtherJobSpec).Value);

    [Fact]
    public void Whatever_the_mapper_depends_on_changes_the_id()
    {
        JobSpec job = Samples.JobSpec;
        JobSpec[] others =
        [
            job with { Prompt = "another" },
            job with { Neutral = null },
            job with { Pack = Digest.Of("another"u8) },
            job with { Seed = 8 },
            job with { Bank = job.Bank with { Validation = 33 } },
            job with { Recipe = job.Recipe with { Loss = job.Recipe.Loss with { LatentL2 = 0.9 } } },
            job with { Gate = new GateSpec() },
        ];
        Assert.Equal(others.Length + 1, others.Append(job).Select(JobId.Of).Distinct().Count());
    }

    [Fact]
    public void The_same_sweep_has_the_same_id_however_it_is_written()
    {
        SweepPlan block = Plan("name: s\npack: demo\nrecipe: default\nprompts:\n  - a face\nbank: {count: 2048}\n");
        SweepPlan flow = Plan("{seed: 0, prompts: [{text: 'a face', overrides: {steps: 300}}], recipe: {base: default}, pack: demo, name: s}");
        SweepPlan other = Plan("{seed: 1, prompts: [a face], recipe: default, pack: demo, name: s}");

        Assert.Equal(block.Id, flow.Id);
        Assert.NotEqual(block.Id, other.Id);
        Assert.Matches("^s-[0-9a-f]{8}$", block.Id.Value);
    }

    private static SweepPlan Plan(string yaml) => SweepPlan.Of(SweepSpecReader.Read(yaml, "s.yaml", new SweepSpecContext()), Digest.Of("pack"u8), Samples.Generator);
}
