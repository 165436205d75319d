using static TorchSharp.torch;

namespace StyleClip.Training.Latents;

// B batch, L style layers, D style width, E embedding

/// <summary>Latents with what is known of their source images.</summary>
/// <param name="Latents">[B, D] (W) or [B, L, D] (W+).</param>
/// <param name="Clip">CLIP features of the source images, of unit length, [B, E].</param>
/// <param name="Identity">Identity features of the source images, of unit length, [B, E]; null without an identity network.</param>
public sealed record LatentBatch(Tensor Latents, Tensor Clip, Tensor? Identity)
{
    /// <summary>Number of latents.</summary>
    public int Count => (int)Latents.shape[0];
}
