using StyleClip.Contracts.Comparisons;
using StyleClip.Training.Comparison;

namespace StyleClip.Training.Tests.Comparison;

public sealed class EditMeansTests
{
    [Fact]
    public void What_some_lack_is_the_mean_of_the_others()
    {
        EditNumbers one = new() { SourceSimilarity = 0.1, EditedSimilarity = 0.3, StyleDistance = 2, PixelDistance = 0.1, DirectionalSimilarity = 0.5, EditedHasAttribute = 1 };
        EditNumbers other = one with { EditedSimilarity = 0.5, StyleDistance = 4, DirectionalSimilarity = null, EditedHasAttribute = 0 };

        EditNumbers mean = EditMeans.Of([one, other]);

        Assert.Equal(0.3, mean.ClipGain, 1e-12);
        Assert.Equal((3.0, 0.5, 0.5), (mean.StyleDistance, mean.DirectionalSimilarity, mean.EditedHasAttribute));
        Assert.Equal((null, null), (mean.IdentitySimilarity, mean.WPlusDistance));
    }
}
