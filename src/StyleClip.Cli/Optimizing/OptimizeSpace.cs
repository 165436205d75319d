namespace StyleClip.Cli.Optimizing;

/// <summary>What is optimised.</summary>
internal enum OptimizeSpace
{
    /// <summary>One w per style layer.</summary>
    WPlus,

    /// <summary>The style vectors, without those of the to-RGB layers.</summary>
    S,
}
