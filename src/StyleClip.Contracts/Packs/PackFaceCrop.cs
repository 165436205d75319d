namespace StyleClip.Contracts.Packs;

/// <summary>The rectangle that an identity network sees: mean pooling to the working size, the cut, mean pooling to the output size.</summary>
/// <param name="WorkingSize">Side of the square that is cut from, pixels.</param>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="OutputSize">Side of the result, pixels; the network's input size.</param>
public sealed record PackFaceCrop(int WorkingSize, int Top, int Left, int Height, int Width, int OutputSize);
