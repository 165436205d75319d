namespace StyleClip.Contracts.Directions;

/// <summary>What the channels studied earlier hold while a channel is studied.</summary>
public enum ChannelSweepMode
{
    /// <summary>The sample's own values: each channel is studied alone (StyleCLIP, section 6).</summary>
    Independent,

    /// <summary>
    /// Their means. The published program copies the list of style arrays but not the arrays, so a channel once visited stays at its
    /// mean for all that follow; the published tables were made that way.
    /// </summary>
    Cumulative,
}
