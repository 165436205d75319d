using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class ChannelResponseTests
{
    [Fact]
    public void A_table_row_is_the_unit_mean_of_unit_differences_of_unit_features()
    {
        using DisposeScope scope = NewDisposeScope();
        // One sample turns from x to y, the other from y to -x, at other lengths.
        Tensor features = tensor([5f, 0f, 0f, 2f, 0f, 1f, -3f, 0f]).reshape(2, 2, 2);
        Tensor row = ChannelResponse.ToTableRow(features);
        Golden.AssertClose(tensor([-1f, 0f]), row, 1e-6);
    }

    [Fact]
    public void A_channel_without_effect_has_a_row_of_zeros()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor row = ChannelResponse.ToTableRow(ones(3, 2, 4));
        Assert.Equal(0, row.abs().sum().ToDouble());
    }
}
