namespace StyleClip.Contracts.Recipes;

/// <summary>The form of a latent mapper (StyleCLIP, section 5).</summary>
public enum MapperKind
{
    /// <summary>Coarse, medium and fine sub-networks over the rows of W+; each can be left out.</summary>
    Levels,

    /// <summary>One sub-network for all rows of W+.</summary>
#pragma warning disable CA1720 // Not the number type: the published option is called single.
    Single,
#pragma warning restore CA1720

    /// <summary>One sub-network for every style vector, those of the to-RGB layers included.</summary>
    FullStyleSpace,

    /// <summary>One sub-network for every style vector but those of the to-RGB layers, which stay as they are.</summary>
    StyleSpaceWithoutToRgb,
}
