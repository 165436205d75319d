using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Training.Mapping;

/// <summary>Which of a job's validated mappers is the best one.</summary>
public static class BestChoice
{
    /// <summary>
    /// Among mappers that hold the gate's identity floor the largest CLIP gain wins; where none holds it, the highest identity similarity,
    /// so that the gate rejects the nearest one. The earlier one stays at a tie.
    /// </summary>
    /// <param name="candidate">Validation of the newer mapper.</param>
    /// <param name="best">Validation of the best one before; null for none.</param>
    /// <param name="gate">The gate.</param>
    public static bool IsBetter(ValidationReport candidate, ValidationReport? best, GateSpec gate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(gate);
        if (best is null) return true;
        bool candidateHolds = HoldsIdentityFloor(candidate, gate), bestHolds = HoldsIdentityFloor(best, gate);
        if (candidateHolds != bestHolds) return candidateHolds;
        return candidateHolds ? candidate.ClipGain > best.ClipGain : candidate.IdentitySimilarity > best.IdentitySimilarity;
    }

    // A pack without an identity network has nothing to hold.
    private static bool HoldsIdentityFloor(ValidationReport report, GateSpec gate) =>
        gate.IdentitySimilarity is not { } floor || report.IdentitySimilarity is not { } similarity || similarity >= floor;
}
