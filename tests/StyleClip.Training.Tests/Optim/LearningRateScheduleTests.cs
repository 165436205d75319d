using System.Runtime.InteropServices;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Weights;
using StyleClip.Training.Optim;

namespace StyleClip.Training.Tests.Optim;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData("steps300_lr0.1", 0.1, 300)]
    [InlineData("steps40_lr0.2", 0.2, 40)]
    public void Rise_and_fall_follow_the_recorded_latent_optimisation(string setting, double peak, int steps)
    {
        using StateDict golden = SafetensorsReader.Read(Golden.Path("ranger.safetensors"));
        ReadOnlySpan<double> expected = MemoryMarshal.Cast<byte, double>(golden[$"latent_optimisation_lr/{setting}"].bytes);
        LearningRateSchedule schedule = LearningRateSchedule.RiseAndFall(peak, steps);
        Assert.Equal(steps, expected.Length);
        for (int step = 0; step < steps; step++) Assert.Equal(expected[step], schedule.At(step), 1e-15);
    }

    [Fact]
    public void Cosine_warms_up_peaks_and_ends_at_zero()
    {
        LearningRateSchedule schedule = LearningRateSchedule.From(new OptimizerRecipe { LearningRate = 0.5, Schedule = ScheduleKind.Cosine, WarmUpSteps = 4 }, 104);
        Assert.Equal([0.125, 0.25, 0.375, 0.5, 0.5], Enumerable.Range(0, 5).Select(step => schedule.At(step)));
        Assert.Equal(0.25, schedule.At(54), 1e-15);
        Assert.InRange(schedule.At(103), 1e-9, 1e-3);
        Assert.Equal(0, schedule.At(104));
        Assert.Equal(0, schedule.At(long.MaxValue));
    }

    [Fact]
    public void Constant_stays_after_its_warm_up()
    {
        LearningRateSchedule schedule = LearningRateSchedule.From(new OptimizerRecipe { LearningRate = 0.5, WarmUpSteps = 2 }, 10);
        Assert.Equal([0.25, 0.5, 0.5, 0.5], [schedule.At(0), schedule.At(1), schedule.At(2), schedule.At(1_000_000)]);
    }
}
