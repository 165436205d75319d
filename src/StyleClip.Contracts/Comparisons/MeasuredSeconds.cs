namespace StyleClip.Contracts.Comparisons;

/// <summary>A duration and what it was measured on.</summary>
/// <param name="Value">Seconds.</param>
/// <param name="MeasuredOn">In words: which work, on which device.</param>
public sealed record MeasuredSeconds(double Value, string MeasuredOn);
