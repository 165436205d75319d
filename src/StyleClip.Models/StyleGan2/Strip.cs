using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

// B batch, C channels, H W pixels

/// <summary>
/// Some rows of an image. Large layers are computed strip after strip: what a layer needs between its input and its output is then small
/// enough for the C library to use again, where a tensor of a whole layer of 1024 pixels is new pages from the kernel each time, and for
/// the processor's cache. Every strip reads the few rows beside it that its filters reach, so that the strips make the whole layer.
/// </summary>
/// <param name="First">The first row.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct Strip(long First, long Count)
{
    /// <summary>Floats of a strip's output: 16 MB. glibc's allocator gives back at once what has 32 MB and more.</summary>
    private const long Floats = 4 * 1024 * 1024;

    /// <summary>Cuts rows into strips of about the same memory. A GPU, whose memory PyTorch keeps itself, has them all in one.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="floatsOfRow">Floats of a row, of all images and channels.</param>
    /// <param name="step">What every strip's first row is a multiple of.</param>
    /// <param name="device">Where they are computed.</param>
    public static IReadOnlyList<Strip> Cut(long rows, long floatsOfRow, int step, DeviceType device)
    {
        if (device != DeviceType.CPU) return [new(0, rows)];
        long count = Math.Max(1, Floats / floatsOfRow / step) * step;
        List<Strip> strips = [];
        for (long first = 0; first < rows; first += count) strips.Add(new(first, Math.Min(count, rows - first)));
        return strips;
    }

    /// <summary>Computes strips one after the other into one tensor.</summary>
    /// <param name="like">Type and device of the tensor.</param>
    /// <param name="shape">Its shape, [B, C, H, W].</param>
    /// <param name="strips">The strips.</param>
    /// <param name="compute">Computes a strip into a view of its rows.</param>
    public static Tensor Join(Tensor like, long[] shape, IReadOnlyList<Strip> strips, Action<Strip, Tensor> compute)
    {
        Tensor whole = empty(shape, like.dtype, like.device);
        foreach (Strip strip in strips)
        {
            using DisposeScope scope = NewDisposeScope();
            compute(strip, strip.Of(whole));
        }

        return whole;
    }

    /// <summary>These rows of [B, C, H, W]; a view.</summary>
    public Tensor Of(Tensor image) => image.narrow(2, First, Count);

    /// <summary>With some rows more before and behind, as far as there are any.</summary>
    /// <param name="before">Rows more before.</param>
    /// <param name="behind">Rows more behind.</param>
    /// <param name="rows">Rows that there are.</param>
    public Strip Widened(int before, int behind, long rows)
    {
        long first = Math.Max(0, First - before);
        return new(first, Math.Min(rows, First + Count + behind) - first);
    }

    /// <summary>The same rows, counted from <paramref name="origin"/>.</summary>
    public Strip Within(long origin) => new(First - origin, Count);
}
