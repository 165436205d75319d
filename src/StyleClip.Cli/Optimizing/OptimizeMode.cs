namespace StyleClip.Cli.Optimizing;

/// <summary>The two uses of the latent optimisation in the paper.</summary>
internal enum OptimizeMode
{
    /// <summary>Change given latents towards the text, near where they are.</summary>
    Edit,

    /// <summary>Make a picture of the text: from the mean latent, with the CLIP term alone.</summary>
    Free,
}
