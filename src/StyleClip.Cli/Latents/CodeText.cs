using StyleClip.Models;
using StyleClip.Models.Weights.Upstream;

namespace StyleClip.Cli.Latents;

/// <summary>Codes for people.</summary>
internal static class CodeText
{
    public static string Describe(LatentCodes codes) => codes.Space switch
    {
        LatentSpace.W => $"{codes.Count} codes in W, {Shape.Format(codes.Tensors[0].shape)}",
        LatentSpace.WPlus => $"{codes.Count} codes in W+, {Shape.Format(codes.Tensors[0].shape)}: {codes.Tensors[0].shape[1]} layers are a generator of {4 << ((int)(codes.Tensors[0].shape[1] - 2) / 2)} px",
        _ => $"{codes.Count} codes in style space, {codes.Tensors.Length} vectors of {string.Join(", ", codes.Tensors.Select(tensor => tensor.shape[1]))}",
    };
}
