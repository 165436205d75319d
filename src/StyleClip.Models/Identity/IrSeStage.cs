namespace StyleClip.Models.Identity;

/// <summary>A run of residual units at one resolution.</summary>
/// <param name="In">Channels that enter.</param>
/// <param name="Out">Channels that leave.</param>
/// <param name="Units">Number of units; the first one has the stride.</param>
/// <param name="Stride">Stride of the first unit.</param>
public sealed record IrSeStage(int In, int Out, int Units, int Stride = 2);
