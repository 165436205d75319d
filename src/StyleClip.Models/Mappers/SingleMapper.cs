using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Mappers;

// B batch, L style layers (18 at 1024 px), D style width.

/// <summary>One sub-network for all rows of W+.</summary>
public sealed class SingleMapper : Mapper
{
    [ComponentName(Name = UpstreamKeys.Mapping)]
    private readonly MapperNetwork _network;

    /// <summary>Makes a mapper of zeros.</summary>
    /// <param name="spec">Its shape.</param>
    /// <exception cref="ArgumentException">The spec is impossible; the message names the value.</exception>
    public SingleMapper(MapperSpec spec)
        : base(spec, nameof(SingleMapper))
    {
        _network = new MapperNetwork(spec.StyleDim, spec.Depth, NormDimension(spec.PixelNormAxis));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(torch.Generator random) => _network.Initialize(random);

    /// <inheritdoc/>
    public override Tensor Delta(Tensor wPlus)
    {
        Shape.Require(wPlus, nameof(wPlus), -1, Spec.StyleLayers, Spec.StyleDim);
        return _network.call(wPlus);
    }
}
