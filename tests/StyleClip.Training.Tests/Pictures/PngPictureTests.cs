using SkiaSharp;
using StyleClip.Training.Pictures;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Pictures;

public sealed class PngPictureTests
{
    [Fact]
    public void An_image_keeps_its_size_its_pixels_and_their_places()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor image = full([1, 3, 4, 6], -1f);
        image[0, 2, 1, 3] = 1; // blue at row 1, column 3
        image[0, 0, 3, 5] = 7; // red, beyond the range

        using SKBitmap picture = SKBitmap.Decode(PngPicture.Encode(image));

        Assert.Equal((6, 4), (picture.Width, picture.Height));
        Assert.Equal((SKColors.Blue, SKColors.Red, SKColors.Black), (picture.GetPixel(3, 1), picture.GetPixel(5, 3), picture.GetPixel(1, 3)));
    }
}
