namespace StyleClip.Contracts.Latents;

/// <summary>Where a bank's latents come from.</summary>
public enum BankSource
{
    /// <summary>Drawn from a seed through the generator's mapping network, truncated, in W.</summary>
    Sampled,

    /// <summary>Read from a file of W or W+ codes.</summary>
    File,
}
