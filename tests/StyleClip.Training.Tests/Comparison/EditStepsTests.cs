using StyleClip.Training.Comparison;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Comparison;

public sealed class EditStepsTests
{
    [Fact]
    public void Similarity_is_the_mean_cosine_of_all_pairs()
    {
        using DisposeScope scope = NewDisposeScope();
        // cosines: 0, 0.8, 0.6
        double? similarity = EditSteps.Similarity([tensor(new[] { 2f, 0f }), tensor(new[] { 0f, 5f }), tensor(new[] { 4f, 3f })]);
        Assert.Equal(1.4 / 3, similarity!.Value, 1e-9);
    }

    [Fact]
    public void What_stood_still_has_no_direction()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(-1, EditSteps.Similarity([tensor(new[] { 2f, 0f }), zeros(2), tensor(new[] { -1f, 0f })])!.Value, 1e-9);
        Assert.Null(EditSteps.Similarity([tensor(new[] { 2f, 0f }), zeros(2)]));
    }
}
