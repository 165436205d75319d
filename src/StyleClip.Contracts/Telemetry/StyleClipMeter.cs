namespace StyleClip.Contracts.Telemetry;

/// <summary>The one meter that every instrument of the product belongs to.</summary>
public static class StyleClipMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "StyleClip";
}
