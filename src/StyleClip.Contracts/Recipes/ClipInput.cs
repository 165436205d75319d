namespace StyleClip.Contracts.Recipes;

/// <summary>How an image of about [-1, 1] is given to CLIP's image encoder.</summary>
public enum ClipInput
{
    /// <summary>As it is. The published mapper code does this.</summary>
    Raw,

    /// <summary>Brought to [0, 1], then normalised with CLIP's channel means and deviations.</summary>
    Normalized,
}
