using SkiaSharp;
using StyleClip.Models.Clip;
using StyleClip.Training.Pictures;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Pictures;

public sealed class PictureFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-pictures-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_png_is_read_as_it_was_written()
    {
        Tensor image = ((arange(3 * 16 * 16) % 256).view(1, 3, 16, 16).to(ScalarType.Float32) / 127.5) - 1;
        Golden.AssertClose(image, PictureFile.Read(Write("a.png", PngPicture.Encode(image)), 16), 1e-6);
    }

    [Fact]
    public void A_larger_jpeg_is_reduced_by_area()
    {
        Tensor image = linspace(-1, 1, 48).view(1, 1, 1, 48).expand(1, 3, 48, 48).contiguous();
        string path = Write("a.jpg", Encode(image, SKEncodedImageFormat.Jpeg));
        Golden.AssertClose(new AreaResize().Apply(image, 32), PictureFile.Read(path, 32), 0.05);
    }

    [Theory]
    [InlineData("is not an image", "text")]
    [InlineData("is a Webp image; a PNG or JPEG", "webp")]
    [InlineData("has 32 x 16 pixels; the generator's pictures are square", "wide")]
    [InlineData("has 8 x 8 pixels; the generator makes 16 x 16", "small")]
    [InlineData("has transparent pixels", "transparent")]
    [InlineData("is damaged", "cut")]
    [InlineData("is stored turned or mirrored", "turned")]
    public void What_would_change_a_picture_silently_is_refused(string reason, string fault)
    {
        string path = Write("picture", Faulty(fault));
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => PictureFile.Read(path, 16));
        Assert.Contains($"{path} {reason}", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static byte[] Faulty(string fault)
    {
        using Generator random = new(1, CPU);
        Tensor square = rand([1, 3, 16, 16], generator: random);
        return fault switch
        {
            "text" => "not a picture"u8.ToArray(),
            "webp" => Encode(square, SKEncodedImageFormat.Webp),
            "wide" => Encode(zeros(1, 3, 16, 32), SKEncodedImageFormat.Png),
            "small" => Encode(zeros(1, 3, 8, 8), SKEncodedImageFormat.Png),
            "transparent" => Transparent(),
            "cut" => Encode(square, SKEncodedImageFormat.Png)[..400],
            _ => Turned(Encode(square, SKEncodedImageFormat.Jpeg)),
        };
    }

    private static byte[] Transparent()
    {
        using SKBitmap picture = new(16, 16, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        picture.Erase(new SKColor(255, 0, 0, 128));
        using SKData data = picture.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The picture with an Exif segment whose only entry says: turned by 90 degrees.</summary>
    private static byte[] Turned(byte[] jpeg) =>
    [
        .. jpeg[..2],
        0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        .. jpeg[2..],
    ];

    private static byte[] Encode(Tensor image, SKEncodedImageFormat format)
    {
        using SKBitmap picture = SKBitmap.Decode(PngPicture.Encode(image));
        using SKData data = picture.Encode(format, 100);
        return data.ToArray();
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
