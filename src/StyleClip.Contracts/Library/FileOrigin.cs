using System.Collections.Immutable;

namespace StyleClip.Contracts.Library;

/// <summary>Where imported numbers come from: the file that was read and what was done to its contents.</summary>
public sealed record FileOrigin
{
    /// <summary>Name of the file, without folders.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file's bytes.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The kind of file that its bytes were recognised as.</summary>
    public required string Format { get; init; }

    /// <summary>The publication whose digest this is; absent where the digest is of no file that this build knows.</summary>
    public string? Published { get; init; }

    /// <summary>What was done to the contents, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
