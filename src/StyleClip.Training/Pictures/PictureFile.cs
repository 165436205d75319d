using SkiaSharp;
using StyleClip.Models.Clip;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Pictures;

// S side in pixels

/// <summary>Reads pictures of users, PNG or JPEG. What would change a picture silently is refused with the remedy.</summary>
public static class PictureFile
{
    private const int MostPixels = 8192;
    private const long MostBytes = 256L * 1024 * 1024;

    /// <summary>Reads a square picture and reduces it to a generator's size by area.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Side of the result, S.</param>
    /// <returns>[1, 3, S, S] in [-1, 1], on the CPU, in the caller's dispose scope.</returns>
    /// <exception cref="InvalidDataException">The file is no such picture; the message names it and says what to do.</exception>
    public static Tensor Read(string path, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (new FileInfo(path).Length is > MostBytes and var length) throw new InvalidDataException($"{path} has {length} bytes; a picture has at most {MostBytes}.");
        using SKData data = SKData.CreateCopy(File.ReadAllBytes(path));
        using SKCodec codec = SKCodec.Create(data) ?? throw new InvalidDataException($"{path} is not an image; a PNG or JPEG file is needed.");
        Check(path, codec, size);
        using SKBitmap picture = Decode(path, codec);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = tensor(picture.GetPixelSpan().ToArray(), ScalarType.Byte).view(picture.Height, picture.Width, 4);
        if (!picture.Info.IsOpaque && pixels.select(2, 3).min().ToByte() < byte.MaxValue)
            throw new InvalidDataException($"{path} has transparent pixels; put it on a background first.");
        Tensor image = (pixels.narrow(2, 0, 3).permute(2, 0, 1).unsqueeze(0).to(ScalarType.Float32) / 127.5) - 1; // [1, 3, H, W]
        return scope.MoveToOuter(picture.Width == size ? image.contiguous() : new AreaResize().Apply(image.contiguous(), size));
    }

    private static void Check(string path, SKCodec codec, int size)
    {
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if (codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg))
            throw new InvalidDataException($"{path} is a {codec.EncodedFormat} image; a PNG or JPEG file is needed.");
        if (width > MostPixels || height > MostPixels)
            throw new InvalidDataException($"{path} has {width} x {height} pixels; at most {MostPixels} x {MostPixels} are read.");
        if (codec.EncodedOrigin != SKEncodedOrigin.TopLeft)
            throw new InvalidDataException($"{path} is stored turned or mirrored ({codec.EncodedOrigin}); save it upright.");
        if (width != height)
            throw new InvalidDataException($"{path} has {width} x {height} pixels; the generator's pictures are square: crop it as the generator's training pictures were, with the face where theirs is.");
        if (width < size)
            throw new InvalidDataException($"{path} has {width} x {height} pixels; the generator makes {size} x {size}, and enlarging would only blur: give a larger picture.");
    }

    private static SKBitmap Decode(string path, SKCodec codec)
    {
        using SKColorSpace colours = SKColorSpace.CreateSrgb();
        SKAlphaType alpha = codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        SKBitmap picture = new(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, alpha, colours));
        SKCodecResult result = codec.GetPixels(picture.Info, picture.GetPixels());
        if (result == SKCodecResult.Success) return picture;
        picture.Dispose();
        throw new InvalidDataException($"{path} is damaged: {result}.");
    }
}
