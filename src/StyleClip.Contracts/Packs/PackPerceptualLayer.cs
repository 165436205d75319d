namespace StyleClip.Contracts.Packs;

/// <summary>A 3 x 3 convolution with its ReLU.</summary>
/// <param name="In">Channels that enter.</param>
/// <param name="Out">Channels that leave.</param>
/// <param name="Pool">Whether the largest of 2 x 2 pixels are taken afterwards.</param>
public sealed record PackPerceptualLayer(int In, int Out, bool Pool = false);
