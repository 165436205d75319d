namespace StyleClip.Models.Weights.Upstream;

/// <summary>The space that codes of a generator are in.</summary>
public enum LatentSpace
{
    /// <summary>One vector per image, [N, D].</summary>
    W,

    /// <summary>One vector per style layer, [N, L, D].</summary>
    WPlus,

    /// <summary>The vectors that the modulated convolutions use, one [N, C] per vector.</summary>
    StyleSpace,
}
