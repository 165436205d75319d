using StyleClip.Models.Resampling;
using static TorchSharp.torch;

namespace StyleClip.Models.Identity;

/// <summary>
/// Cuts the face from an aligned image for the identity network: adaptive mean pooling to a working size (skipped where the height
/// has it already), a fixed rectangle, adaptive mean pooling to the network's input. Values are not clamped.
/// </summary>
public sealed record FaceCrop
{
    private static readonly BlockOperator AdaptivePool = new(AdaptiveBins);

    /// <summary>Side of the square that is cropped from, pixels.</summary>
    public int WorkingSize { get; init; } = 256;

    /// <summary>First row of the rectangle.</summary>
    public int Top { get; init; } = 35;

    /// <summary>First column of the rectangle.</summary>
    public int Left { get; init; } = 32;

    /// <summary>Rows of the rectangle.</summary>
    public int Height { get; init; } = 188;

    /// <summary>Columns of the rectangle.</summary>
    public int Width { get; init; } = 188;

    /// <summary>Side of the result, pixels.</summary>
    public int OutputSize { get; init; } = 112;

    /// <summary>The crop of StyleCLIP's identity loss, for faces aligned as in FFHQ: rows 35 to 222 and columns 32 to 219 of 256.</summary>
    public static FaceCrop Published { get; } = new();

    /// <summary>The whole image at one size.</summary>
    /// <param name="size">Side of the image and of the result, pixels.</param>
    public static FaceCrop Whole(int size) =>
        new() { WorkingSize = size, Top = 0, Left = 0, Height = size, Width = size, OutputSize = size };

    /// <summary>Cuts [B, 3, H, W] to [B, 3, OutputSize, OutputSize].</summary>
    /// <param name="image">The images.</param>
    /// <exception cref="ArgumentException">The rectangle does not lie within the working size.</exception>
    public Tensor Apply(Tensor image)
    {
        Shape.Require(image, nameof(image), -1, -1, -1, -1);
        Tensor working = image.shape[2] == WorkingSize ? image : AdaptivePool.Apply(image, WorkingSize, WorkingSize);
        if (Top < 0 || Left < 0 || Height < 1 || Width < 1 || Top + Height > working.shape[2] || Left + Width > working.shape[3])
            throw new ArgumentException($"Rows {Top} to {Top + Height - 1} and columns {Left} to {Left + Width - 1} do not lie within {working.shape[2]} x {working.shape[3]}.", nameof(image));
        Tensor face = working.narrow(2, Top, Height).narrow(3, Left, Width);
        return AdaptivePool.Apply(face, OutputSize, OutputSize);
    }

    // Bin i of PyTorch's adaptive pooling is [floor(i from / to), ceil((i + 1) from / to)); bins may share pixels.
    private static double[,] AdaptiveBins(int from, int to)
    {
        double[,] weights = new double[to, from];
        for (int i = 0; i < to; i++)
        {
            int first = i * from / to;
            int end = (((i + 1) * from) + to - 1) / to;
            for (int j = first; j < end; j++) weights[i, j] = 1.0 / (end - first);
        }

        return weights;
    }
}
