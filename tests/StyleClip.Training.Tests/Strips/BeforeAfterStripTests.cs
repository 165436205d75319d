using SkiaSharp;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Strips;

public sealed class BeforeAfterStripTests
{
    [Fact]
    public void Rows_stand_under_each_other_with_a_gutter()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor before = full([3, 3, 8, 8], -1f), after = full([3, 3, 8, 8], -1f);
        after[1, 0] = 2; // red, beyond the range

        using SKBitmap picture = SKBitmap.Decode(BeforeAfterStrip.Encode(BeforeAfterStrip.Row(before), BeforeAfterStrip.Row(after)));

        Assert.Equal((32, 22), (picture.Width, picture.Height));
        Assert.Equal(SKColors.White, picture.GetPixel(0, 0));
        Assert.Equal(SKColors.Black, picture.GetPixel(2, 2));
        Assert.Equal(SKColors.White, picture.GetPixel(10, 11));
        Assert.Equal(SKColors.Black, picture.GetPixel(12, 9));
        Assert.Equal(SKColors.Red, picture.GetPixel(12, 12));
        Assert.Equal(SKColors.Red, picture.GetPixel(19, 19));
        Assert.Equal(SKColors.Black, picture.GetPixel(22, 12));
    }

    [Fact]
    public void Channels_and_pixels_keep_their_places()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor image = full([1, 3, 4, 4], -1f);
        image[0, 2, 1, 3] = 1; // blue at row 1, column 3

        using SKBitmap picture = SKBitmap.Decode(BeforeAfterStrip.Encode(BeforeAfterStrip.Row(image)));

        Assert.Equal(SKColors.Blue, picture.GetPixel(2 + 3, 2 + 1));
        Assert.Equal(SKColors.Black, picture.GetPixel(2 + 1, 2 + 3));
    }

    [Fact]
    public void A_row_rendered_in_parts_is_the_row()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = linspace(-1, 1, 3 * 3 * 8 * 8).view(3, 3, 8, 8);

        StripRow joined = BeforeAfterStrip.Join([BeforeAfterStrip.Row(images.narrow(0, 0, 2)), BeforeAfterStrip.Row(images.narrow(0, 2, 1))]);

        Assert.Equal(BeforeAfterStrip.Row(images).Pixels, joined.Pixels);
        Assert.Equal((8, 3), (joined.Size, joined.Faces));
    }

    [Fact]
    public void The_same_rows_give_the_same_bytes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = linspace(-1, 1, 2 * 3 * 16 * 16).view(2, 3, 16, 16);

        Assert.Equal(BeforeAfterStrip.Encode(BeforeAfterStrip.Row(images)), BeforeAfterStrip.Encode(BeforeAfterStrip.Row(images.clone())));
    }

    [Fact]
    public void Large_faces_are_reduced()
    {
        using Tensor images = zeros(1, 3, 512, 512);

        Assert.Equal(BeforeAfterStrip.MaxFaceSize, BeforeAfterStrip.Row(images).Size);
    }

    [Fact]
    public void Rows_that_differ_are_refused()
    {
        using Tensor two = zeros(2, 3, 8, 8), three = zeros(3, 3, 8, 8);

        ArgumentException error = Assert.Throws<ArgumentException>(() => BeforeAfterStrip.Encode(BeforeAfterStrip.Row(two), BeforeAfterStrip.Row(three)));

        Assert.Contains("2 faces of 8 px, 3 faces of 8 px", error.Message, StringComparison.Ordinal);
    }
}
