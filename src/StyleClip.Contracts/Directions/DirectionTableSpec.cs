namespace StyleClip.Contracts.Directions;

/// <summary>How a direction table is measured. With the pack it decides the table's numbers; device kind and build decide its last bits.</summary>
public sealed record DirectionTableSpec
{
    /// <summary>The published study's last style layer, 128 pixels: tables that end there have 5,376 rows at full width.</summary>
    public const int PublishedLastLayer = 16;

    /// <summary>Latents behind the channels' means and deviations, 2 to 10,000,000; 100,000 in the published code.</summary>
    public int Samples { get; init; } = 100_000;

    /// <summary>Base images in which every channel is moved, 1 to 100,000; the first of the samples. 100 in the published code.</summary>
    public int Images { get; init; } = 100;

    /// <summary>Distance of both images from a channel's mean, in standard deviations; 5 for faces (StyleCLIP, section 6).</summary>
    public double StrengthSigma { get; init; } = 5;

    /// <summary>What the channels studied before hold.</summary>
    public ChannelSweepMode Mode { get; init; } = ChannelSweepMode.Independent;

    /// <summary>Last style layer taken, ToRGB layers counted; absent: all. <see cref="PublishedLastLayer"/> in the published code.</summary>
    public int? LastLayer { get; init; }

    /// <summary>Truncation of the samples towards the mean latent, on all layers; greater than 0, at most 1. 0.7 in the published code.</summary>
    public double Truncation { get; init; } = 0.7;

    /// <summary>Seed of the samples.</summary>
    public long Seed { get; init; }

    /// <summary>How images are prepared for CLIP.</summary>
    public ClipPreparation Preparation { get; init; } = ClipPreparation.Exact;

    /// <summary>Images per pass through the networks, 1 to 4,096. Part of the spec because the order of additions may depend on it.</summary>
    public int ImagesPerPass { get; init; } = 16;
}
