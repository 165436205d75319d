using StyleClip.Models.Clip;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Clip;

public sealed class DevicePreprocessTests : IDisposable
{
    private const float OneStep = 1 / 255f / 0.26130258f; // of the channel with the smallest deviation

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(64, 64)]
    [InlineData(300, 200)]
    [InlineData(256, 256)]
    [InlineData(1024, 1024)]
    public void A_batch_differs_from_the_exact_preparation_by_one_step_in_at_most_two_values_of_ten_thousand(int height, int width)
    {
        byte[] picture = Formula.ByteImage(GoldenData.Prefix, $"input/pre/{height}x{width}", height, width);
        using DevicePreprocess batch = new(224);
        Tensor pixels = tensor(picture, [1, height, width, 3], ScalarType.Byte).permute(0, 3, 1, 2);
        Tensor difference = (batch.Apply(pixels)[0] - ClipPreprocess.Apply(picture, height, width)).abs();
        Assert.True(difference.max().ToSingle() < 1.01f * OneStep);
        double share = difference.gt(0.5 * OneStep).to(ScalarType.Float64).mean().ToDouble();
        Assert.True(share <= 2e-4, $"{share:0.0000000} of the values are a step off.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{height} x {width}: {share:0.0e0} of the values are a step off");
    }

    [Fact]
    public void Pictures_of_the_right_size_are_the_same()
    {
        byte[] picture = Formula.ByteImage("", "small", 8, 8);
        using DevicePreprocess batch = new(8);
        Tensor prepared = batch.Apply(tensor(picture, [1, 8, 8, 3], ScalarType.Byte).permute(0, 3, 1, 2));
        Assert.Equal(0, (prepared[0] - ClipPreprocess.Apply(picture, 8, 8, size: 8)).abs().max().ToSingle(), 1e-6f);
    }
}
