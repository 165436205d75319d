namespace StyleClip.Training.Domain;

/// <summary>How near optimising brings pictures to a prompt; means over a probe's latents of the cosine between picture and prompt.</summary>
/// <param name="Before">Of the pictures that it began with.</param>
/// <param name="After">Of what came of them; never less.</param>
public sealed record DomainReach(double Before, double After);
