using StyleClip.Contracts.Directions;

namespace StyleClip.Training.Directions;

/// <summary>How the effect of single style channels is measured.</summary>
public sealed record ChannelSweepOptions
{
    /// <summary>Distance of both images from the channel's mean, in standard deviations; 5 for faces (StyleCLIP, section 6).</summary>
    public double Strength { get; init; } = 5;

    /// <summary>What earlier channels hold.</summary>
    public ChannelSweepMode Mode { get; init; } = ChannelSweepMode.Independent;

    /// <summary>Most images in one pass through the generator.</summary>
    public int ImagesPerPass { get; init; } = 16;
}
