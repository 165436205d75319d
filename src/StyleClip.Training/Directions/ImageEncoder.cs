using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>Turns 8-bit images [B, 3, H, W] into CLIP features [B, E], preparation included; not normalised.</summary>
/// <param name="pixels">uint8, RGB.</param>
/// <returns>float32 features that the caller owns.</returns>
public delegate Tensor ImageEncoder(Tensor pixels);
