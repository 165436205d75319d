namespace StyleClip.Cli.Optimizing;

/// <summary>Whose optimisation.</summary>
internal enum OptimizeMethod
{
    /// <summary>The paper's.</summary>
    StyleClip,

    /// <summary>The baseline that the paper compares itself with.</summary>
    TediGan,
}
