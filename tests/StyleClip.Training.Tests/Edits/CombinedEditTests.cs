using StyleClip.Contracts.Recipes;
using StyleClip.Models.Weights;
using StyleClip.Training.Directions;
using StyleClip.Training.Edits;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Tests.Edits;

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

        Tensor combined = new CombinedEdit(_generator, [edit], Codes(latents)).Synthesize([0.1]);

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

        Tensor combined = new CombinedEdit(_generator, [plus, styles, other], Codes(latents)).Synthesize([0.2, -0.3, 0.4]);

        Tensor moved = latents + (0.2 * plus.Offset(Codes(latents))[0]) + (0.4 * other.Offset(Codes(latents))[0]);
        Tensor[] expected = [.. _generator.Styles(moved).Zip(styles.Offset(Codes(latents)), (style, delta) => style - (0.3 * delta))];
        Golden.AssertClose(_generator.SynthesizeFromStyles(expected), combined, 1e-5);
        Golden.AssertClose(combined, new CombinedEdit(_generator, [other, styles, plus], Codes(latents)).Synthesize([0.4, -0.3, 0.2]), 1e-5);
    }

    [Fact]
    public void A_direction_and_a_mapper_add_up()
    {
        set_num_threads(1);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using MapperEdit plus = Edit(MapperKind.Levels, seed: 1);
        using StyleDirection direction = Direction();
        Tensor latents = Latents();

        Tensor combined = new CombinedEdit(_generator, [direction, plus], Codes(latents)).Synthesize([2, 0.2]);

        Tensor moved = latents + (0.2 * plus.Offset(Codes(latents))[0]);
        Golden.AssertClose(_generator.SynthesizeFromStyles(direction.Apply(_generator.Styles(moved), 2)), combined, 1e-5);
    }

    [Fact]
    public void Codes_in_style_space_take_the_edits_of_style_space()
    {
        set_num_threads(1);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using MapperEdit mapper = Edit(MapperKind.FullStyleSpace, seed: 3);
        using StyleDirection direction = Direction();
        Tensor latents = Latents();
        ImageCodes styles = ImageCodes.InStyleSpace(_generator, _generator.Styles(latents));

        Tensor combined = new CombinedEdit(_generator, [mapper, direction], styles).Synthesize([0.1, -1]);

        Assert.Equal(new CombinedEdit(_generator, [mapper, direction], Codes(latents)).Synthesize([0.1, -1]), combined);
        Assert.Equal(_generator.Synthesize(latents), styles.Synthesize());
        Golden.AssertClose(new CombinedEdit(_generator, [mapper], Codes(latents[1..2])).Synthesize([0.1]), new CombinedEdit(_generator, [mapper], styles.Slice(1, 1)).Synthesize([0.1]), 1e-5);
    }

    [Fact]
    public void A_mapper_of_W_plus_refuses_codes_in_style_space()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using MapperEdit plus = Edit(MapperKind.Levels, seed: 1);
        ImageCodes styles = ImageCodes.InStyleSpace(_generator, _generator.Styles(Latents()));

        Assert.True(plus.NeedsWPlus);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new CombinedEdit(_generator, [plus], styles));
        Assert.Contains("works in W+", refusal.Message, StringComparison.Ordinal);
    }

    private StyleDirection Direction()
    {
        using var offsets = new StateDict(_generator.Spec.StyleWidths.Select((width, layer) => KeyValuePair.Create($"offsets.{layer}", randn(width))), new Dictionary<string, string> { ["channels"] = "3", ["largestRelevance"] = "0.2" });
        return DirectionFile.Read(offsets, "the test's direction", _generator.Spec, CPU);
    }

    private ImageCodes Codes(Tensor wPlus) => ImageCodes.InWPlus(_generator, wPlus);

    private MapperEdit Edit(MapperKind kind, long seed) => MapperEdit.Create(TrainingWorld.Recipe.Mapper with { Kind = kind }, _generator, seed);

    private Tensor Latents() => _generator.Repeat(world.Bank.Validation(0, 2, CPU).Latents);
}
