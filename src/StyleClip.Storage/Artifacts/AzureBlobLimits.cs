namespace StyleClip.Storage.Artifacts;

/// <summary>How long an <see cref="AzureBlobArtifactStore"/> tries before it says that the service is away.</summary>
public sealed record AzureBlobLimits
{
    /// <summary>
    /// Longest wait for one answer about a document. With <see cref="Retries"/> and their delays it stays below the 30 s that a grain call
    /// has, so that a caller learns of the store and not of a timeout.
    /// </summary>
    public TimeSpan DocumentTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait without progress while an artifact, or a block of a long one, is sent or received.</summary>
    public TimeSpan ArtifactTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is repeated after throttling, a server error, a timeout or a broken connection.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Wait before the first repetition; doubled for each further one. A wait that the service asks for comes first.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between two repetitions.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(3);
}
