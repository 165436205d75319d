using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Mapping;

public sealed class MapperStepTests : IClassFixture<TrainingWorld>, IDisposable
{
    private static readonly LossRecipe Loss = new() { Identity = 0.3 };

    private readonly TrainingWorld _world;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ClipLoss _clip;
    private readonly PromptTarget _target;

    public MapperStepTests(TrainingWorld world)
    {
        set_num_threads(1);
        _world = world;
        _clip = world.Networks.ClipLoss(ClipInput.Normalized);
        _target = PromptTarget.Of(_clip, world.Networks.Tokenize, "a face with red hair", "a face");
    }

    public void Dispose()
    {
        _target.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(MapperKind.Levels, ClipTarget.Similarity)]
    [InlineData(MapperKind.Levels, ClipTarget.Directional)]
    [InlineData(MapperKind.Single, ClipTarget.Similarity)]
    [InlineData(MapperKind.StyleSpaceWithoutToRgb, ClipTarget.Similarity)]
    [InlineData(MapperKind.FullStyleSpace, ClipTarget.Similarity)]
    public void A_step_against_the_gradient_lowers_the_objective_as_far_as_the_gradient_says(MapperKind kind, ClipTarget clipTarget)
    {
        LossRecipe loss = Loss with { ClipTarget = clipTarget };
        using MapperEdit edit = Edit(kind);
        MapperStep step = Step(edit, loss);
        LatentBatch batch = _world.Bank.Training([0, 3, 4], CPU);

        StepGradient before = step.Run(batch);
        double squaredNorm = before.Gradients.Sum(gradient => gradient.to(ScalarType.Float64).square().sum().item<double>());
        // Small enough for the linear term to rule, large enough to be above float32's rounding.
        double rate = 0.002 / squaredNorm;
        using (no_grad())
        {
            foreach (((_, TorchSharp.Modules.Parameter parameter), Tensor gradient) in edit.Parameters.Zip(before.Gradients))
                parameter.sub_(gradient * rate);
        }

        double fall = Objective(before, loss) - Objective(step.Run(batch), loss);
        Assert.InRange(fall, 0.0016, 0.0024);
    }

    [Fact]
    public void A_micro_shard_is_a_part_of_the_batch()
    {
        using MapperEdit edit = Edit(MapperKind.Levels);
        MapperStep step = Step(edit, Loss);

        Tensor whole = step.Run(_world.Bank.Training([0, 1, 2, 3], CPU)).Flatten();
        Tensor first = step.Run(_world.Bank.Training([0, 1], CPU)).Flatten(), second = step.Run(_world.Bank.Training([2, 3], CPU)).Flatten();

        Tensor difference = (whole - ((first + second) / 2)).norm() / whole.norm();
        Assert.InRange(difference.item<float>(), 0, 1e-4);
    }

    [Fact]
    public void The_flat_vector_ends_with_the_terms()
    {
        using MapperEdit edit = Edit(MapperKind.Levels);

        StepGradient result = Step(edit, Loss).Run(_world.Bank.Training([0, 1], CPU));
        float[] flat = result.Flatten().data<float>().ToArray();

        Assert.Equal([result.Clip.item<float>(), result.Identity!.item<float>(), result.LatentL2.item<float>()], flat[^3..]);
        Assert.Equal(edit.Parameters.Sum(entry => entry.Parameter.numel()) + 3, flat.Length);
    }

    [Fact]
    public void An_identity_term_of_weight_0_is_not_computed()
    {
        using MapperEdit edit = Edit(MapperKind.Levels);

        Assert.Null(Step(edit, Loss with { Identity = 0 }).Run(_world.Bank.Training([0], CPU)).Identity);
    }

    [Fact]
    public void The_networks_get_no_gradients()
    {
        using MapperEdit edit = Edit(MapperKind.Levels);

        Step(edit, Loss).Run(_world.Bank.Training([0], CPU));

        Assert.All(_world.Networks.Generator.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(edit.Parameters, entry => Assert.Null(entry.Parameter.grad));
    }

    private static double Objective(StepGradient result, LossRecipe loss) =>
        (loss.Clip * result.Clip.item<float>()) + (loss.Identity * result.Identity!.item<float>()) + (loss.LatentL2 * result.LatentL2.item<float>());

    private MapperEdit Edit(MapperKind kind) =>
        MapperEdit.Create(TrainingWorld.Recipe.Mapper with { Kind = kind, Strength = 1 }, _world.Networks.Generator, seed: 5);

    private MapperStep Step(MapperEdit edit, LossRecipe loss) => new(edit, loss, _clip, _world.Networks.IdentityLoss(), _target);
}
