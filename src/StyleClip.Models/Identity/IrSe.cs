using StyleClip.Models.Weights;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Identity;

// B batch, S input side, E embedding
/// <summary>
/// A residual face-recognition network with squeeze-and-excitation (ArcFace's IR-SE family). State-dict keys are those of
/// InsightFace_Pytorch. It is in training mode (batch statistics, dropout) until <see cref="Freeze"/> or <c>eval()</c>.
/// </summary>
public sealed class IrSe : nn.Module
{
    [ComponentName(Name = "input_layer")] private readonly Sequential _stem;
    [ComponentName(Name = "body")] private readonly ModuleList<IrSeUnit> _body;
    [ComponentName(Name = "output_layer")] private readonly Sequential _head;

    /// <summary>Builds the network with random weights.</summary>
    /// <param name="spec">The sizes.</param>
    public IrSe(IrSeSpec spec)
        : base(nameof(IrSe))
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        int first = spec.Stages[0].In;
        int last = spec.Stages[^1].Out;
        _stem = nn.Sequential(
            ("0", nn.Conv2d(3, first, 3, stride: spec.StemStride, padding: 1, bias: false)),
            ("1", nn.BatchNorm2d(first)),
            ("2", nn.PReLU(first)));
        _body = nn.ModuleList([.. spec.Stages.SelectMany(stage => Units(stage, spec.SqueezeReduction))]);
        _head = nn.Sequential(
            ("0", nn.BatchNorm2d(last)),
            ("1", nn.Dropout(spec.Dropout)),
            ("2", nn.Flatten()),
            ("3", nn.Linear((long)last * spec.FinalSize * spec.FinalSize, spec.EmbeddingDim)),
            ("4", nn.BatchNorm1d(spec.EmbeddingDim)));
        RegisterComponents();
    }

    /// <summary>The sizes.</summary>
    public IrSeSpec Spec { get; }

    /// <summary>The embedding of each face, of unit length.</summary>
    /// <param name="face">Faces, [B, 3, S, S], RGB, about [-1, 1].</param>
    /// <returns>[B, E].</returns>
    /// <exception cref="ArgumentException">The face is not of the network's size.</exception>
    public Tensor Embed(Tensor face)
    {
        Shape.Require(face, nameof(face), -1, 3, Spec.InputSize, Spec.InputSize);
        Tensor features = _stem.call(face.to(((Conv2d)_stem[0]).weight!.dtype));
        foreach (IrSeUnit unit in _body) features = unit.call(features);
        return UnitLength.Rows(_head.call(features)); // [B, E]
    }

    /// <summary>Copies weights with the published keys into the network; batch counters may be missing, as in files of old PyTorch.</summary>
    /// <param name="weights">The weights.</param>
    /// <exception cref="WeightsException">Keys are missing or surplus, or shapes differ.</exception>
    public void Load(StateDict weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.LoadInto(this, "the identity network", state_dict().Keys.Where(key => key.EndsWith(".num_batches_tracked", StringComparison.Ordinal)).ToHashSet());
    }

    /// <summary>Fixes the weights: evaluation mode, no gradients to parameters. Gradients to the face still flow.</summary>
    public void Freeze()
    {
        eval();
        foreach (Parameter parameter in parameters()) parameter.requires_grad_(false);
    }

    private static IEnumerable<IrSeUnit> Units(IrSeStage stage, int reduction)
    {
        for (int i = 0; i < stage.Units; i++)
            yield return new IrSeUnit(i == 0 ? stage.In : stage.Out, stage.Out, i == 0 ? stage.Stride : 1, reduction);
    }
}
