namespace StyleClip.Client.Library;

/// <summary>The catalogue has no such mapper or version.</summary>
/// <param name="what">What was asked for.</param>
public sealed class MapperNotFoundException(string what) : Exception($"The catalogue has no {what}.");
