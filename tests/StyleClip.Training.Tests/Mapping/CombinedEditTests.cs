using StyleClip.Contracts.Recipes;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Tests.Mapping;

public sealed class CombinedEditTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    private readonly Generator _generator = world.Networks.Generator;

    [Theory]
    [InlineData(MapperKind.Levels)]
    [InlineData(MapperKind.StyleSpaceWithoutToRgb)]
    public void One_mapper_at_its_own_strength_is_the_edit_that_was_trained(MapperKind kind)
    {
        set_num_threads(1);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using MapperEdit edit = Edit(kind, seed: 1);
        Tensor latents = Latents();

        Tensor combined = new CombinedEdit(_generator, [edit], latents).Synthesize([0.1]);

        Golden.AssertClose(edit.Synthesize(edit.Apply(latents)), combined, 1e-6);
    }

    [Fact]
    public void Offsets_of_both_spaces_add_up_in_any_order()
    {
        set_num_threads(1);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using MapperEdit plus = Edit(MapperKind.Levels, seed: 1), other = Edit(MapperKind.Single, seed: 2), styles = Edit(MapperKind.FullStyleSpace, seed: 3);
        Tensor latents = Latents();

        Tensor combined = new CombinedEdit(_generator, [plus, styles, other], latents).Synthesize([0.2, -0.3, 0.4]);

        Tensor moved = latents + (0.2 * plus.Delta(latents)[0]) + (0.4 * other.Delta(latents)[0]);
        Tensor[] expected = [.. _generator.Styles(moved).Zip(styles.Delta(latents), (style, delta) => style - (0.3 * delta))];
        Golden.AssertClose(_generator.SynthesizeFromStyles(expected), combined, 1e-5);
        Golden.AssertClose(combined, new CombinedEdit(_generator, [other, styles, plus], latents).Synthesize([0.4, -0.3, 0.2]), 1e-5);
    }

    private MapperEdit Edit(MapperKind kind, long seed) => MapperEdit.Create(TrainingWorld.Recipe.Mapper with { Kind = kind }, _generator, seed);

    private Tensor Latents() => _generator.Repeat(world.Bank.Validation(0, 2, CPU).Latents);
}
