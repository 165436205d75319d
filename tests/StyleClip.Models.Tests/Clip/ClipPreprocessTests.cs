using StyleClip.Models.Clip;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Clip;

public sealed class ClipPreprocessTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(64, 64)]
    [InlineData(300, 200)]
    public void Pictures_come_out_bit_for_bit_as_recorded(int height, int width)
    {
        using var golden = new GoldenData("clip_resize");
        byte[] picture = Formula.ByteImage(GoldenData.Prefix, $"input/pre/{height}x{width}", height, width);
        Tensor prepared = ClipPreprocess.Apply(picture, height, width);
        Assert.Equal(golden[$"preprocess/{height}x{width}/output"].data<float>().ToArray(), prepared.data<float>().ToArray());
    }

    [Fact]
    public void A_picture_of_the_right_size_is_only_normalised()
    {
        byte[] picture = Formula.ByteImage("", "small", 8, 8);
        Tensor prepared = ClipPreprocess.Apply(picture, 8, 8, size: 8);
        Assert.Equal(((picture[(9 * 3) + 1] / 255f) - 0.4578275f) / 0.26130258f, prepared[1, 1, 1].ToSingle());
    }

    [Theory]
    [InlineData(16, 30)]
    [InlineData(30, 16)]
    public void The_crop_is_central(int height, int width)
    {
        byte[] picture = new byte[height * width * 3];
        for (int i = 0; i < picture.Length; i++) picture[i] = (byte)(IsCentral(i) ? 255 : 0);
        bool IsCentral(int at) => height > width ? at / (width * 3) is >= 7 and < 23 : at / 3 % width is >= 7 and < 23;

        Tensor red = ClipPreprocess.Apply(picture, height, width, size: 16)[0];
        Assert.Equal(((1 - 0.48145466f) / 0.26862954f) * 256, red.sum().ToSingle(), 0.01f);
    }

    [Fact]
    public void Bytes_that_do_not_fit_the_size_are_refused() =>
        Assert.Contains("8 x 8", Assert.Throws<ArgumentException>(() => ClipPreprocess.Apply(new byte[191], 8, 8)).Message, StringComparison.Ordinal);
}
