namespace StyleClip.Storage.Artifacts;

/// <summary>Another cluster works with the store.</summary>
public sealed class StoreInUseException(string location, string owner)
    : IOException($"The store at {location} is in use by {owner}. Wait until it ends, or choose another store.")
{
    /// <summary>The process that holds it, in words.</summary>
    public string Owner { get; } = owner;
}
