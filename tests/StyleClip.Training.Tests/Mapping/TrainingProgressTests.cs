using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Training.Mapping;

namespace StyleClip.Training.Tests.Mapping;

public sealed class TrainingProgressTests
{
    private static readonly RecipeSpec Recipe = new()
    {
        Name = "test",
        Steps = 100,
        EarlyStopping = new() { Patience = 2, MinImprovement = 0.1 },
        Guard = new() { DivergenceFactor = 2, DivergencePatience = 1 },
    };

    [Fact]
    public void Training_stops_when_the_objective_has_not_fallen_for_long_enough()
    {
        TrainingProgress one = After(1.0, 0.85, 0.80);
        TrainingProgress two = After(1.0, 0.85, 0.80, 0.76);

        Assert.Null(one.EarlyStopReason(Recipe));
        Assert.Contains("below 0.8500 in 2 validations", two.EarlyStopReason(Recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void An_improvement_starts_the_count_again() => Assert.Null(After(1.0, 0.95, 0.85, 0.84).EarlyStopReason(Recipe));

    [Fact]
    public void Without_the_rule_training_goes_on() =>
        Assert.Null(After(1.0, 1.0, 1.0, 1.0).EarlyStopReason(Recipe with { EarlyStopping = null }));

    [Fact]
    public void A_single_excess_is_tolerated_and_a_second_in_a_row_is_not()
    {
        Assert.Null(After(1.0, 2.1).DivergenceReason(Recipe));
        Assert.Null(After(1.0, 2.1, 1.9, 2.1).DivergenceReason(Recipe));
        Assert.Contains("2.2000 at step", After(1.0, 2.1, 2.2).DivergenceReason(Recipe), StringComparison.Ordinal);
    }

    private static TrainingProgress After(params double[] objectives)
    {
        TrainingProgress progress = new();
        foreach (double objective in objectives) progress = progress.After(Report(objective), Recipe);
        return progress;
    }

    private static ValidationReport Report(double objective) => new()
    {
        Step = 1,
        ClipLoss = 0,
        LatentL2Loss = 0,
        Objective = objective,
        SourceSimilarity = 0,
        EditedSimilarity = 0,
        LatentShiftNorm = 0,
    };
}
