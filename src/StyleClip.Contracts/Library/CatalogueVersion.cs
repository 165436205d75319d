using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Contracts.Library;

/// <summary>One published mapper of a prompt. It never changes.</summary>
public sealed record CatalogueVersion
{
    /// <summary>Number of the version, counted from 1 without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>The mapper's card.</summary>
    public required ArtifactRef Card { get; init; }

    /// <summary>The mapper.</summary>
    public required ArtifactRef Mapper { get; init; }

    /// <summary>Before/after picture of the fixed faces.</summary>
    public required ArtifactRef Strip { get; init; }

    /// <summary>The job that trained it.</summary>
    public required JobId Job { get; init; }

    /// <summary>Digest of the manifest of the pack that it edits.</summary>
    public required Digest Pack { get; init; }

    /// <summary>CLIP gain on the held-out latents.</summary>
    public required double ClipGain { get; init; }

    /// <summary>Identity similarity on the held-out latents; absent for packs without an identity network.</summary>
    public double? IdentitySimilarity { get; init; }

    /// <summary>When it was published, UTC.</summary>
    public required DateTimeOffset Published { get; init; }

    /// <summary>How the edit was made; absent: by a mapper.</summary>
    public EditMethod? Method { get; init; }

    /// <summary>Whether the prompt is one that the generator can draw; absent where it was not asked.</summary>
    public DomainVerdict? Domain { get; init; }
}
