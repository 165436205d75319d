using StyleClip.Contracts.Recipes;

namespace StyleClip.Training.Optim;

/// <summary>The learning rate of every step: a pure function of the step, so that a resumed run needs no memory of it.</summary>
public sealed class LearningRateSchedule
{
    // The latent optimisation of StyleCLIP: the first twentieth rises, the last quarter falls.
    private const double RiseShare = 0.05;
    private const double FallShare = 0.25;

    private readonly Func<long, double> _factor;

    private LearningRateSchedule(double peak, Func<long, double> factor)
    {
        Peak = peak;
        _factor = factor;
    }

    /// <summary>The highest rate.</summary>
    public double Peak { get; }

    /// <summary>The schedule of a recipe.</summary>
    /// <param name="recipe">Kind, rate and warm-up.</param>
    /// <param name="totalSteps">The recipe's steps.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule From(OptimizerRecipe recipe, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Schedule switch
        {
            ScheduleKind.Constant => Constant(recipe.LearningRate, recipe.WarmUpSteps),
            ScheduleKind.Cosine => Cosine(recipe.LearningRate, totalSteps, recipe.WarmUpSteps),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Schedule, "Unknown schedule."),
        };
    }

    /// <summary>The same rate at every step after the warm-up.</summary>
    /// <param name="rate">The rate.</param>
    /// <param name="warmUpSteps">Steps of linear rise; the last of them has the full rate.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule Constant(double rate, long warmUpSteps = 0) => new(rate, step => WarmUp(step, warmUpSteps));

    /// <summary>Half a cosine from the peak to 0.</summary>
    /// <param name="peak">The rate at the start, or at the end of the warm-up.</param>
    /// <param name="totalSteps">Where the rate would reach 0: one past the last step.</param>
    /// <param name="warmUpSteps">Steps of linear rise; the last of them has the full rate.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule Cosine(double peak, long totalSteps, long warmUpSteps = 0) => new(peak, step =>
    {
        if (step < warmUpSteps) return WarmUp(step, warmUpSteps);
        if (step >= totalSteps) return 0;
        return 0.5 + (0.5 * Math.Cos(Math.PI * (step - warmUpSteps) / (totalSteps - warmUpSteps)));
    });

    /// <summary>The latent optimisation's schedule: a linear rise from 0 over a twentieth, then a cosine fall over the last quarter.</summary>
    /// <param name="peak">The rate between rise and fall; 0.1 in StyleCLIP.</param>
    /// <param name="totalSteps">All steps; 300 in StyleCLIP.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule RiseAndFall(double peak, long totalSteps) => new(peak, step =>
    {
        double t = Math.Min(1, (double)step / totalSteps);
        double fall = 0.5 - (0.5 * Math.Cos(Math.PI * Math.Min(1, (1 - t) / FallShare)));
        return fall * Math.Min(1, t / RiseShare);
    });

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Steps completed before it: 0 for the first.</param>
    /// <returns>The rate, from 0 to <see cref="Peak"/>.</returns>
    public double At(long step) => Peak * _factor(step);

    private static double WarmUp(long step, long warmUpSteps) => step < warmUpSteps ? (step + 1.0) / warmUpSteps : 1;
}
