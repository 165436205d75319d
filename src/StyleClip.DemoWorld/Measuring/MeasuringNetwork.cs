using System.Collections.Immutable;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Identity;
using StyleClip.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Measuring;

// B batch, S image side, M measured factors
/// <summary>
/// Reads the factors that prompts ask for off a picture. It shares nothing with the pack's CLIP: it judges what mappers have done.
/// </summary>
internal sealed class MeasuringNetwork : nn.Module
{
    private readonly IrSe _body;
    private readonly Linear _head;
    private readonly FaceCrop _whole;

    public MeasuringNetwork(int size)
        : base(nameof(MeasuringNetwork))
    {
        _body = new IrSe(new IrSeSpec
        {
            InputSize = size,
            EmbeddingDim = 96,
            StemStride = 2,
            Stages = [new(16, 32, 1, 2), new(32, 48, 2, 1), new(48, 64, 2), new(64, 96, 1)],
            SqueezeReduction = 8,
            Dropout = 0,
        });
        _head = nn.Linear(_body.Spec.EmbeddingDim, Measured.Length);
        _whole = FaceCrop.Whole(size);
        register_module("body", _body);
        register_module("head", _head);
    }

    /// <summary>What it reads, in the order of its output.</summary>
    public static ImmutableArray<Factor> Measured { get; } =
    [
        .. Factors.HairColours, .. Factors.HairStyles, Factor.Smile, .. Factors.Strengths,
    ];

    public static MeasuringNetwork Load(string path, int size)
    {
        var network = new MeasuringNetwork(size);
        using (StateDict weights = SafetensorsReader.Read(path))
            weights.LoadInto(network, "the measuring network", network.state_dict().Keys.Where(key => key.EndsWith(".num_batches_tracked", StringComparison.Ordinal)).ToHashSet());
        network.Freeze();
        return network;
    }

    /// <summary>[B, 3, S, S] in [-1, 1] -> [B, M]</summary>
    public Tensor Read(Tensor images) => _head.forward(_body.Embed(_whole.Apply(images.clamp(-1, 1))));

    public void Freeze()
    {
        eval();
        foreach (Parameter parameter in parameters()) parameter.requires_grad_(false);
    }
}
