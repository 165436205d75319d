using System.Collections.Immutable;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Packs;

/// <summary>
/// A pack: the frozen networks that mappers are trained against, described by one JSON document (<see cref="FileName"/>) beside its
/// weight files. The document pins every file by digest, so that its own digest names the whole pack.
/// </summary>
public sealed record PackManifest
{
    /// <summary>Name of the document in a pack's directory.</summary>
    public const string FileName = "pack.json";

    /// <summary>The version of this format that this build reads and writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the document's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name of the pack, <c>[a-z0-9-]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the pack shows and where it comes from, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Terms of its networks.</summary>
    public required string Licence { get; init; }

    /// <summary>The weight files by role: <see cref="PackRoles"/>.</summary>
    public required ImmutableSortedDictionary<string, PackFile> Files { get; init; }

    /// <summary>Shape of the generator.</summary>
    public required PackGenerator Generator { get; init; }

    /// <summary>Shape of the CLIP model.</summary>
    public required PackClip Clip { get; init; }

    /// <summary>How the CLIP model was given images when it was trained; what the corrected recipes use.</summary>
    public ClipInput ClipInput { get; init; } = ClipInput.Normalized;

    /// <summary>How text becomes token ids.</summary>
    public required PackTokenizer Tokenizer { get; init; }

    /// <summary>The identity network; absent for packs whose images are not of faces.</summary>
    public PackIdentity? Identity { get; init; }

    /// <summary>The network that judges edits, and what it reads; absent for packs whose pictures have no known truth.</summary>
    public PackAttributes? Attributes { get; init; }

    /// <summary>The network whose features say how alike two images look; absent for packs without one.</summary>
    public PackPerceptual? Perceptual { get; init; }

    /// <summary>The mean latent that truncation draws towards, one number per feature of w.</summary>
    public required ImmutableArray<float> LatentAverage { get; init; }

    /// <summary>Truncation at which the generator's pictures are at their best, greater than 0, at most 1.</summary>
    public double Truncation { get; init; } = 0.7;

    /// <summary>The files that the weights were imported from, by role; absent for packs that were not imported.</summary>
    public ImmutableSortedDictionary<string, FileOrigin>? Origins { get; init; }
}
