using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.Stages;
using StyleClip.DemoWorld.Tests.Packs;

namespace StyleClip.DemoWorld.Tests.Measuring;

/// <summary>
/// What the pack is for: prompts become edits. Three prompts here, for time; all ten by
/// <c>dotnet run -c Release --project src/StyleClip.DemoWorld -- evaluate</c>.
/// </summary>
public sealed class EditQualityTests(DemoPack pack) : IClassFixture<DemoPack>
{
    [Fact]
    public void Mappers_reach_the_targets_on_held_out_faces()
    {
        using var workshop = new MapperWorkshop(pack.Networks, steps: 300, latents: 512);
        EditMeasurement measurement = Measurement();
        var failures = new List<string>();
        foreach (EditPrompt prompt in EditPrompt.All.Where(prompt => prompt.Text is "red hair" or "glasses" or "smiling"))
        {
            using TrainedEdit mapper = workshop.Train(prompt.Text);
            failures.AddRange(measurement.Measure(prompt, mapper.Apply).Failures.Select(failure => $"{prompt.Text}: {failure}"));
        }

        Assert.Empty(failures);
    }

    [Fact]
    public void A_mapper_that_does_nothing_fails_for_every_prompt()
    {
        EditMeasurement measurement = Measurement();

        foreach (EditPrompt prompt in EditPrompt.All)
        {
            EditReport report = measurement.Measure(prompt, wPlus => wPlus);
            Assert.Contains(report.Failures, failure => failure.StartsWith("conversion", StringComparison.Ordinal));
            Assert.Equal(0, report.Conversion);
            Assert.Equal(0, report.Flips);
        }
    }

    private EditMeasurement Measurement() => new(pack.Networks, pack.World);
}
