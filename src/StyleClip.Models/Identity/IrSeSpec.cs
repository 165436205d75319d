using System.Collections.Immutable;

namespace StyleClip.Models.Identity;

/// <summary>The sizes of a residual face-recognition network with squeeze-and-excitation units.</summary>
public sealed record IrSeSpec
{
    /// <summary>Side of the square input image, pixels.</summary>
    public int InputSize { get; init; } = 112;

    /// <summary>Size of the embedding.</summary>
    public int EmbeddingDim { get; init; } = 512;

    /// <summary>Stride of the first convolution.</summary>
    public int StemStride { get; init; } = 1;

    /// <summary>The stages; the first convolution gives as many channels as the first stage takes.</summary>
    public required ImmutableArray<IrSeStage> Stages { get; init; }

    /// <summary>By how much squeeze-and-excitation narrows the channels.</summary>
    public int SqueezeReduction { get; init; } = 16;

    /// <summary>Dropout before the embedding, in training mode only.</summary>
    public double Dropout { get; init; } = 0.6;

    /// <summary>IR-SE50 of InsightFace_Pytorch, which StyleCLIP's identity loss uses: 43,797,696 parameters.</summary>
    public static IrSeSpec IrSe50 { get; } = new()
    {
        Stages = [new(64, 64, 3), new(64, 128, 4), new(128, 256, 14), new(256, 512, 3)],
    };

    /// <summary>Side of the last feature map, pixels.</summary>
    public int FinalSize
    {
        get
        {
            int side = Strided(InputSize, StemStride);
            foreach (IrSeStage stage in Stages) side = Strided(side, stage.Stride);
            return side;
        }
    }

    // A 3 x 3 convolution with padding 1.
    private static int Strided(int side, int stride) => ((side - 1) / stride) + 1;
}
