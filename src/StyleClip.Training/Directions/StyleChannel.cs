namespace StyleClip.Training.Directions;

/// <summary>One channel of StyleSpace.</summary>
/// <param name="Layer">Index of the style layer, ToRGB layers counted.</param>
/// <param name="Channel">Index within the layer.</param>
public readonly record struct StyleChannel(int Layer, int Channel);
