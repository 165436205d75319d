using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Training.Mapping;

/// <summary>What a job remembers beside its tensors.</summary>
internal sealed record TrainingProgress
{
    /// <summary>Updates done.</summary>
    public int Step { get; init; }

    /// <summary>Objective of the first validation: the divergence guard's measure.</summary>
    public double? FirstObjective { get; init; }

    /// <summary>Lowest objective that counted as an improvement: early stopping's measure.</summary>
    public double? LowestObjective { get; init; }

    /// <summary>Validations since then.</summary>
    public int ValidationsWithoutImprovement { get; init; }

    /// <summary>Validations in a row above the divergence guard.</summary>
    public int ValidationsAboveGuard { get; init; }

    /// <summary>The newest validation.</summary>
    public ValidationReport? Newest { get; init; }

    /// <summary>The validation of the best mapper.</summary>
    public ValidationReport? Best { get; init; }

    /// <summary>The progress after a validation, but for <see cref="Best"/>.</summary>
    public TrainingProgress After(ValidationReport report, RecipeSpec recipe)
    {
        bool improved = LowestObjective is not { } lowest || report.Objective < lowest - (recipe.EarlyStopping?.MinImprovement ?? 0);
        double first = FirstObjective ?? report.Objective;
        return this with
        {
            FirstObjective = first,
            LowestObjective = improved ? report.Objective : LowestObjective,
            ValidationsWithoutImprovement = improved ? 0 : ValidationsWithoutImprovement + 1,
            ValidationsAboveGuard = report.Objective > first * recipe.Guard.DivergenceFactor ? ValidationsAboveGuard + 1 : 0,
            Newest = report,
        };
    }

    /// <summary>Why training is over before its last step; null while it is not.</summary>
    public string? EarlyStopReason(RecipeSpec recipe) =>
        recipe.EarlyStopping is { } rule && ValidationsWithoutImprovement >= rule.Patience
            ? FormattableString.Invariant($"The validation objective has not fallen by {rule.MinImprovement} or more below {LowestObjective:0.0000} in {ValidationsWithoutImprovement} validations.")
            : null;

    /// <summary>Why training counts as diverged; null while it does not.</summary>
    public string? DivergenceReason(RecipeSpec recipe) =>
        ValidationsAboveGuard > recipe.Guard.DivergencePatience
            ? FormattableString.Invariant($"The validation objective is {Newest?.Objective:0.0000} at step {Step}, more than {recipe.Guard.DivergenceFactor} times the first one, {FirstObjective:0.0000}, for {ValidationsAboveGuard} validations in a row.")
            : null;
}
