using StyleClip.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Losses;

public sealed class LatentL2LossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void In_w_plus_it_is_the_mean_over_all_elements()
    {
        Tensor w = zeros(2, 10, 8);
        Tensor edited = w.clone();
        edited[0, 3, 5] = 4;
        Assert.Equal(16f / 160, LatentL2Loss.WPlus(edited, w).ToSingle(), 1e-7f);
    }

    [Fact]
    public void In_style_space_vectors_count_alike_whatever_their_width()
    {
        Tensor[] source = [zeros(1, 4), zeros(1, 32)];
        Tensor[] edited = [full([1, 4], 2f), full([1, 32], 3f)];
        Assert.Equal(4f + 9f, LatentL2Loss.StyleSpace(edited, source).ToSingle(), 1e-6f);
    }

    [Fact]
    public void Codes_of_other_shapes_are_refused_instead_of_broadcast()
    {
        Assert.Throws<ArgumentException>(() => LatentL2Loss.WPlus(zeros(2, 10, 8), zeros(1, 10, 8)));
        Assert.Throws<ArgumentException>(() => LatentL2Loss.StyleSpace([zeros(1, 4)], [zeros(1, 4), zeros(1, 4)]));
    }
}
