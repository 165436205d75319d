using SkiaSharp;

namespace StyleClip.DemoWorld.Pictures;

/// <summary>Square pictures side by side in rows, written as PNG.</summary>
internal sealed class ContactSheet(int columns, int rows, int size, int zoom = 1, int gap = 2) : IDisposable
{
    private readonly SKBitmap _bitmap = Blank(columns * (size * zoom + gap) + gap, rows * (size * zoom + gap) + gap);

    /// <summary>Puts planar RGB in [0, 1], [3, size, size], into a cell.</summary>
    public void Put(int column, int row, ReadOnlySpan<float> pixels)
    {
        int plane = size * size, left = gap + column * (size * zoom + gap), top = gap + row * (size * zoom + gap);
        for (int y = 0; y < size * zoom; y++)
        {
            for (int x = 0; x < size * zoom; x++)
            {
                int at = y / zoom * size + x / zoom;
                _bitmap.SetPixel(left + x, top + y, new(Byte(pixels[at]), Byte(pixels[plane + at]), Byte(pixels[2 * plane + at])));
            }
        }
    }

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var data = _bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        data.SaveTo(file);
    }

    public void Dispose() => _bitmap.Dispose();

    private static byte Byte(float value) => (byte)Math.Clamp(value * 255f + 0.5f, 0f, 255f);

    private static SKBitmap Blank(int width, int height)
    {
        var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.White);
        return bitmap;
    }
}
