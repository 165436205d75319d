namespace StyleClip.Client.Library;

/// <summary>Offline, something was asked for that was never pulled into this cache.</summary>
/// <param name="what">What was asked for.</param>
/// <param name="folder">The cache.</param>
public sealed class NotCachedException(string what, string folder) : IOException($"{what} is not in the cache at {folder}, and the library is offline.");
