using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>Shape of an identity network of the IR-SE family, and how faces are cut for it.</summary>
public sealed record PackIdentity
{
    /// <summary>Side of the square input, pixels.</summary>
    public required int InputSize { get; init; }

    /// <summary>Size of the embedding.</summary>
    public required int EmbeddingDim { get; init; }

    /// <summary>Stride of the first convolution.</summary>
    public int StemStride { get; init; } = 1;

    /// <summary>By how much squeeze-and-excitation narrows the channels.</summary>
    public int SqueezeReduction { get; init; } = 16;

    /// <summary>The runs of residual units.</summary>
    public required ImmutableArray<PackIdentityStage> Stages { get; init; }

    /// <summary>How a face is cut from an image.</summary>
    public required PackFaceCrop Crop { get; init; }
}
