namespace StyleClip.Contracts.Sweeps;

/// <summary>
/// What a mapper must reach on the held-out latents to be published. Among a job's validations the one with the largest CLIP gain whose
/// identity similarity holds the floor is chosen.
/// </summary>
public sealed record GateSpec
{
    /// <summary>Least CLIP gain: mean cosine to the prompt after the edit minus before. Absent: not asked for.</summary>
    public double? ClipGain { get; init; }

    /// <summary>Least mean cosine between the identity features before and after, -1 to 1. Absent: not asked for.</summary>
    public double? IdentitySimilarity { get; init; }
}
