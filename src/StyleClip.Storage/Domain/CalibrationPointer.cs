using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Domain;

/// <summary>What the document <c>calibrations/PACK</c> says.</summary>
/// <param name="Calibration">The pack's present calibration.</param>
public sealed record CalibrationPointer(ArtifactRef Calibration);
