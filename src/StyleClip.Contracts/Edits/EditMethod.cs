namespace StyleClip.Contracts.Edits;

/// <summary>The paper's three ways to edit images by text.</summary>
public enum EditMethod
{
    /// <summary>A latent mapper, trained once for the prompt (StyleCLIP, section 5).</summary>
    Mapper,

    /// <summary>A global direction in StyleSpace, found with a direction table (StyleCLIP, section 6).</summary>
    Direction,

    /// <summary>Latent optimisation, one latent after the other (StyleCLIP, section 4).</summary>
    Optimization,
}
