namespace StyleClip.Models.StyleGan2;

/// <summary>The activation of every StyleGAN2 layer: gain * leaky_relu(x, slope).</summary>
internal static class LeakyRelu
{
    public const double Slope = 0.2;

    /// <summary>Square root of 2: keeps the variance of the activations.</summary>
    public const double Gain = 1.4142135623730951;
}
