using static TorchSharp.torch;

namespace StyleClip.DemoWorld.World;

// B batch, Z latent width, K factors, S image side
/// <summary>Faces as tensors.</summary>
/// <param name="Faces">The truth.</param>
/// <param name="Latents">[B, Z]</param>
/// <param name="Factors">[B, K]</param>
/// <param name="Images">[B, 3, S, S] in [-1, 1]</param>
internal sealed record FaceBatch(Face[] Faces, Tensor Latents, Tensor Factors, Tensor Images);
