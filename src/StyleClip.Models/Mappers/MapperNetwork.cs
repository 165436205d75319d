using StyleClip.Models.StyleGan2;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Mappers;

/// <summary>One sub-network of a mapper: a pixel norm and activated linear layers, the last one activated too.</summary>
internal sealed class MapperNetwork : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = UpstreamKeys.Mapping)]
    private readonly MappingNetwork _mapping;

    public MapperNetwork(int width, int depth, int normDimension)
        : base(nameof(MapperNetwork))
    {
        _mapping = new MappingNetwork(width, depth, normDimension);
        RegisterComponents();
    }

    public void Initialize(torch.Generator random) => _mapping.Initialize(random);

    /// <summary>[B, .., width] -> [B, .., width]</summary>
    public override Tensor forward(Tensor input) => _mapping.call(input);
}
