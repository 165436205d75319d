namespace StyleClip.Contracts.Packs;

/// <summary>What a pack's weight files are for.</summary>
public static class PackRoles
{
    /// <summary>The StyleGAN2 generator.</summary>
    public const string Generator = "generator";

    /// <summary>The CLIP model.</summary>
    public const string Clip = "clip";

    /// <summary>The identity network.</summary>
    public const string Identity = "identity";

    /// <summary>The network that judges edits.</summary>
    public const string Attributes = "attributes";

    /// <summary>The network whose features say how alike two images look.</summary>
    public const string Perceptual = "perceptual";
}
