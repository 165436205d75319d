using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>The reduced forms in which large tensors are recorded.</summary>
public static class Reductions
{
    /// <summary>8x8 mean pooling of [B, C, H, W].</summary>
    public static Tensor Area8(Tensor image) => nn.functional.avg_pool2d(image, 8);

    /// <summary>The central 64x64 pixels of [B, C, H, W].</summary>
    public static Tensor Crop64(Tensor image)
    {
        long top = (image.shape[2] - 64) / 2, left = (image.shape[3] - 64) / 2;
        return image.narrow(2, top, 64).narrow(3, left, 64);
    }

    /// <summary>Channels 0 to 7 and the first <paramref name="side"/> rows and columns of the first sample.</summary>
    public static Tensor Corner8(Tensor features, int side) => features[
        TensorIndex.Slice(0, 1), TensorIndex.Slice(0, 8), TensorIndex.Slice(0, side), TensorIndex.Slice(0, side)];

    /// <summary>Mean and population standard deviation of all elements, taken in float64.</summary>
    public static Tensor MeanStd(Tensor values)
    {
        Tensor precise = values.detach().to(ScalarType.Float64);
        return stack([precise.mean(), precise.std(unbiased: false)]);
    }

    /// <summary>Mean, population standard deviation and largest magnitude of all elements.</summary>
    public static Tensor MeanStdMax(Tensor values) =>
        cat([MeanStd(values), values.detach().abs().max().to(ScalarType.Float64).reshape(1)], 0);

    /// <summary>Vectors [B, C] of several layers end to end.</summary>
    public static Tensor Concatenate(IReadOnlyList<Tensor> layers) => cat([.. layers], 1);

    /// <summary>A tensor whole, pooled or cropped, in whichever forms the file has it.</summary>
    public static void CompareImage(this SafetensorsComparison comparison, string name, Tensor image, double least = SafetensorsComparison.LeastAllowance)
    {
        foreach (string form in comparison.Names.Where(form => form == name || form == name + "_area8" || form == name + "_crop64").ToArray())
        {
            Tensor part = form == name ? image : form.EndsWith("_area8", StringComparison.Ordinal) ? Area8(image) : Crop64(image);
            comparison.Compare(form, part, least: least);
        }
    }
}
