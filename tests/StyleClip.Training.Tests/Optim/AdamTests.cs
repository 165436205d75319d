using StyleClip.Contracts.Recipes;
using StyleClip.Models.Weights;
using StyleClip.Training.Optim;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Adam = StyleClip.Training.Optim.Adam;

namespace StyleClip.Training.Tests.Optim;

public sealed class AdamTests
{
    [Fact]
    public void Twenty_steps_follow_the_recorded_run()
    {
        using DisposeScope scope = NewDisposeScope();
        using StateDict golden = SafetensorsReader.Read(Golden.Path("ranger.safetensors"));
        using LeastSquares problem = new();
        using Adam adam = new(problem.Parameters, new AdamOptions { LearningRate = 0.1 });
        for (int step = 0; step < 20; step++)
        {
            problem.Backward();
            adam.Step();
            Golden.AssertClose(golden["torch_adam_lr0.1/W_after_step@f64"][step], problem.W, 1.7e-6); // as in RangerTests
        }
    }

    [Fact]
    public void A_recipe_builds_its_optimiser_with_the_kinds_own_defaults()
    {
        using Parameter p = new(zeros(1, ScalarType.Float64));
        using Tensor gradient = tensor(new[] { 3e-8 });
        using IMapperOptimizer adam = MapperOptimizer.Create(new OptimizerRecipe { Kind = OptimizerKind.Adam, LearningRate = 0.25 }, [("p", p)]);
        adam.Step([gradient]);
        Assert.IsType<Adam>(adam);
        Assert.Equal(-0.25 * 3 / 4, p.item<double>(), 1e-12); // |g| / (|g| + 1e-8)
        using IMapperOptimizer ranger = MapperOptimizer.Create(new OptimizerRecipe { Beta1 = 0.5 }, [("p", p)]);
        ranger.Step([gradient]);
        Assert.IsType<Ranger>(ranger);
        Assert.Equal(0.5, ranger.LearningRate);
        Assert.Equal(1.5e-8, ranger.State["exp_avg.p"].item<double>(), 1e-20);
    }
}
