using SkiaSharp;
using StyleClip.Models;
using StyleClip.Models.Clip;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Strips;

// N faces, H W pixels

/// <summary>Pictures of the same faces in rows: before, and after one or more edits.</summary>
public static class BeforeAfterStrip
{
    /// <summary>Faces larger than this are reduced to it, pixels.</summary>
    public const int MaxFaceSize = 256;

    private const int Gutter = 2;

    /// <summary>Turns images into 8-bit pixels, on the calling thread.</summary>
    /// <param name="images">[N, 3, H, H], about [-1, 1]; what lies outside is clamped.</param>
    /// <returns>One row of a picture.</returns>
    public static StripRow Row(Tensor images)
    {
        Shape.Require(images, nameof(images), -1, 3, -1, -1);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int size = (int)Math.Min(images.shape[2], MaxFaceSize);
        Tensor fitted = images.shape[2] > size ? new AreaResize().Apply(images.clamp(-1, 1), size) : images;
        Tensor levels = ((fitted + 1) * 127.5).round().clamp(0, 255).to(ScalarType.Byte, CPU);
        return new StripRow(size, (int)images.shape[0], levels.permute(0, 2, 3, 1).contiguous().bytes.ToArray()); // [N, H, W, 3]
    }

    /// <summary>Joins parts of a row that were rendered one after the other.</summary>
    /// <param name="parts">At least one, of equal size.</param>
    public static StripRow Join(IReadOnlyList<StripRow> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count, nameof(parts));
        if (parts.Any(part => part.Size != parts[0].Size))
            throw new ArgumentException($"The parts have faces of {string.Join(", ", parts.Select(part => part.Size))} px.", nameof(parts));
        return new StripRow(parts[0].Size, parts.Sum(part => part.Faces), [.. parts.SelectMany(part => part.Pixels)]);
    }

    /// <summary>Puts rows under each other and writes a PNG. The same rows give the same bytes.</summary>
    /// <param name="rows">The rows, of equal size and length: before first, then after.</param>
    public static byte[] Encode(params IReadOnlyList<StripRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count, nameof(rows));
        (int size, int faces) = (rows[0].Size, rows[0].Faces);
        if (rows.Any(row => row.Size != size || row.Faces != faces))
            throw new ArgumentException($"The rows differ: {string.Join(", ", rows.Select(row => $"{row.Faces} faces of {row.Size} px"))}.", nameof(rows));

        using SKBitmap picture = new(Span(faces, size), Span(rows.Count, size), SKColorType.Rgba8888, SKAlphaType.Opaque);
        picture.Erase(SKColors.White);
        Span<byte> pixels = picture.GetPixelSpan();
        for (int row = 0; row < rows.Count; row++)
        {
            for (int face = 0; face < faces; face++)
                Paste(rows[row], face, pixels, picture.RowBytes, Start(face, size), Start(row, size));
        }

        using SKData data = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    private static int Start(int index, int size) => Gutter + (index * (size + Gutter));

    private static int Span(int count, int size) => Start(count, size);

    private static void Paste(StripRow row, int face, Span<byte> pixels, int stride, int left, int top)
    {
        ReadOnlySpan<byte> source = row.Pixels.AsSpan(face * row.Size * row.Size * 3);
        for (int y = 0; y < row.Size; y++)
        {
            Span<byte> line = pixels[(((top + y) * stride) + (left * 4))..];
            for (int x = 0; x < row.Size; x++)
            {
                source.Slice(((y * row.Size) + x) * 3, 3).CopyTo(line[(x * 4)..]);
                line[(x * 4) + 3] = byte.MaxValue;
            }
        }
    }
}
