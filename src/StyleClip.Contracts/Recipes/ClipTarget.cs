namespace StyleClip.Contracts.Recipes;

/// <summary>What the CLIP term compares.</summary>
public enum ClipTarget
{
    /// <summary>1 - cos(image, text): StyleCLIP, equation 1.</summary>
    Similarity,

    /// <summary>1 - cos(edited image - source image, text - neutral text): StyleGAN-NADA, equation 2. The prompt needs a neutral text.</summary>
    Directional,
}
