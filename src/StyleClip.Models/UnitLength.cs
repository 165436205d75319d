using static TorchSharp.torch;

namespace StyleClip.Models;

/// <summary>Rows brought to length 1.</summary>
internal static class UnitLength
{
    /// <summary>Divides each row of [B, E] by its length, in at least single precision: 8 bits are too few for a cosine.</summary>
    public static Tensor Rows(Tensor features)
    {
        Tensor precise = features.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? features.to(ScalarType.Float32) : features;
        return precise / precise.norm(1, keepdim: true);
    }
}
