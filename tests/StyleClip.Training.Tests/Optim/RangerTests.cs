using StyleClip.Models.Weights;
using StyleClip.Training.Optim;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Optim;

public sealed class RangerTests
{
    public static TheoryData<string, RangerOptions> Recorded => new()
    {
        { "lr0.5", new RangerOptions() },
        { "lr0.02", new RangerOptions { LearningRate = 0.02 } },
        { "lr0.1_wd0.01", new RangerOptions { LearningRate = 0.1, WeightDecay = 0.01 } },
        { "lr0.1_nogc", new RangerOptions { LearningRate = 0.1 } }, // the original has a switch for centralisation and ignores it
        { "lr0.1_k3_alpha0.8_betas0.9_0.99", new RangerOptions { LearningRate = 0.1, LookAheadSteps = 3, LookAheadAlpha = 0.8, Beta1 = 0.9, Beta2 = 0.99 } },
    };

    // float32 and float64 differ by up to 1.7e-7 of the largest value over these 20 steps; ten times that tells a wrong rule from rounding.
    [Theory]
    [MemberData(nameof(Recorded))]
    public void Twenty_steps_follow_the_recorded_run(string setting, RangerOptions options)
    {
        using DisposeScope scope = NewDisposeScope();
        using StateDict golden = SafetensorsReader.Read(Golden.Path("ranger.safetensors"));
        using LeastSquares problem = new();
        using Ranger ranger = new(problem.Parameters, options);
        for (int step = 0; step < 20; step++)
        {
            Assert.Equal(golden[$"{setting}/loss_before_step@f64"][step].item<double>(), problem.Backward(), 1.7e-6);
            ranger.Step();
            Golden.AssertClose(golden[$"{setting}/W_after_step@f64"][step], problem.W, 1.7e-6);
            Golden.AssertClose(golden[$"{setting}/b_after_step@f64"][step], problem.B, 1.7e-6);
        }
    }

    [Theory]
    [InlineData(true, -1f, 1f, -3f, 3f)]
    [InlineData(false, 1f, 3f, 2f, 8f)]
    public void Centralisation_can_be_switched_off_and_spares_vectors(bool centralize, params float[] expected)
    {
        using Parameter matrix = new(zeros(2, 2));
        using Parameter vector = new(zeros(2));
        using Ranger ranger = new([("matrix", matrix), ("vector", vector)], new RangerOptions { Beta1 = 0, GradientCentralization = centralize });
        using Tensor gradient = tensor(new[] { 1f, 3f, 2f, 8f }).reshape(2, 2);
        ranger.Step([gradient, gradient[0]]);
        Assert.Equal(expected, ranger.State["exp_avg.matrix"].data<float>().ToArray());
        Assert.Equal([1f, 3f], ranger.State["exp_avg.vector"].data<float>().ToArray());
    }

    [Fact]
    public void A_restored_optimiser_continues_byte_for_byte()
    {
        using DisposeScope scope = NewDisposeScope();
        for (int savedAfter = 1; savedAfter <= 12; savedAfter++)
        {
            using LeastSquares problem = new();
            using Ranger uninterrupted = new(problem.Parameters, new RangerOptions());
            Advance(problem, uninterrupted, savedAfter);
            byte[] savedState = SafetensorsWriter.ToBytes(uninterrupted.State);
            using LeastSquares resumedProblem = new();
            using (no_grad())
            {
                resumedProblem.W.copy_(problem.W);
                resumedProblem.B.copy_(problem.B);
            }

            using Ranger resumed = new(resumedProblem.Parameters, new RangerOptions());
            using (MemoryStream stream = new(savedState))
            using (StateDict state = SafetensorsReader.Read(stream, "saved"))
            {
                resumed.Restore(state, uninterrupted.StepCount);
            }

            Advance(problem, uninterrupted, 8);
            Advance(resumedProblem, resumed, 8);
            Assert.Equal(uninterrupted.StepCount, resumed.StepCount);
            Assert.Equal(SafetensorsWriter.ToBytes(uninterrupted.State), SafetensorsWriter.ToBytes(resumed.State));
            Assert.Equal(problem.W.bytes.ToArray(), resumedProblem.W.bytes.ToArray());
            Assert.Equal(problem.B.bytes.ToArray(), resumedProblem.B.bytes.ToArray());
        }
    }

    [Fact]
    public void Look_ahead_starts_from_weights_loaded_after_construction()
    {
        using Parameter p = new(zeros(2));
        using Ranger ranger = new([("p", p)], new RangerOptions());
        using (no_grad()) p.fill_(5);
        using Tensor gradient = ones(2);
        ranger.Step([gradient]);
        Assert.Equal([5f, 5f], ranger.State["slow.p"].data<float>().ToArray());
    }

    [Fact]
    public void Steps_leave_gradients_alone_and_keep_no_tensors()
    {
        using Parameter p = new(ones(3, 2));
        using Tensor gradient = arange(6f).reshape(3, 2);
        using Ranger ranger = new([("p", p)], new RangerOptions());
        float[] before = gradient.data<float>().ToArray();
        for (int i = 0; i < 2; i++) ranger.Step([gradient]);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 18; i++) ranger.Step([gradient]);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, gradient.data<float>().ToArray());
        Assert.Equal(20, ranger.StepCount);
    }

    [Fact]
    public void State_has_an_owner()
    {
        using Parameter p = new(ones(2));
        Tensor[] state;
        using (Ranger ranger = new([("p", p)], new RangerOptions()))
        {
            Assert.Equal(["exp_avg.p", "exp_avg_sq.p", "slow.p"], ranger.State.Keys);
            state = [.. ranger.State.Values];
        }

        Assert.All(state, tensor => Assert.True(tensor.IsInvalid));
        Assert.False(p.IsInvalid);
    }

    [Fact]
    public void Gradients_that_do_not_fit_change_nothing()
    {
        using Parameter p = new(ones(2));
        using Ranger ranger = new([("p", p)], new RangerOptions());
        using Tensor wrong = ones(3);
        Assert.Contains("The gradient of p is Float32 [3], wanted Float32 [2]", Assert.Throws<ArgumentException>(() => ranger.Step([wrong])).Message, StringComparison.Ordinal);
        Assert.Contains("0 gradients", Assert.Throws<ArgumentException>(() => ranger.Step([])).Message, StringComparison.Ordinal);
        Assert.Contains("p has no gradient", Assert.Throws<InvalidOperationException>(() => ranger.Step()).Message, StringComparison.Ordinal);
        Assert.Equal(0, ranger.StepCount);
    }

    [Fact]
    public void A_saved_state_that_does_not_fit_is_refused_with_all_its_faults()
    {
        using Parameter p = new(ones(2));
        using Ranger ranger = new([("p", p)], new RangerOptions());
        using StateDict saved = new([KeyValuePair.Create("exp_avg.p", zeros(3)), KeyValuePair.Create("exp_avg_sq.p", zeros(2)), KeyValuePair.Create("x", zeros(1))]);
        WeightsException error = Assert.Throws<WeightsException>(() => ranger.Restore(saved, 3));
        Assert.Equal("The saved state does not fit the optimiser: slow.p is missing; x is unknown; exp_avg.p is Float32 [3], wanted Float32 [2].", error.Message);
        Assert.Equal(0, ranger.StepCount);
    }

    private static void Advance(LeastSquares problem, Ranger ranger, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            problem.Backward();
            ranger.Step();
        }
    }
}
