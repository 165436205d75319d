using StyleClip.Contracts.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Mappers;

// B batch, C width of one style vector.

/// <summary>
/// One sub-network per vector of style space, with or without the vectors of the to-RGB layers. A vector left out has no
/// parameters, and a change of zero. A new mapper holds zeros: load weights into it or call <see cref="Initialize"/>.
/// </summary>
public sealed class StyleSpaceMapper : nn.Module
{
    private readonly MapperNetwork?[] _networks;

    /// <summary>Makes a mapper of zeros.</summary>
    /// <param name="spec">Its shape.</param>
    /// <exception cref="ArgumentException">The spec is impossible or of another kind; the message names the value.</exception>
    public StyleSpaceMapper(MapperSpec spec)
        : base(nameof(StyleSpaceMapper))
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Kind is not (MapperKind.FullStyleSpace or MapperKind.StyleSpaceWithoutToRgb))
            throw new ArgumentException($"Kind is {spec.Kind}; a style-space mapper needs FullStyleSpace or StyleSpaceWithoutToRgb.", nameof(spec));
        Spec = spec.Validated();
        _networks = new MapperNetwork?[spec.StyleWidths.Length];
        for (int i = 0; i < _networks.Length; i++)
        {
            if (spec.Kind == MapperKind.StyleSpaceWithoutToRgb && spec.StyleIsToRgb[i])
                continue;
            var network = new MapperNetwork(spec.StyleWidths[i], spec.Depth, normDimension: 1);
            register_module(UpstreamKeys.StyleVector(i), network);
            _networks[i] = network;
        }
    }

    /// <summary>The mapper's shape.</summary>
    public MapperSpec Spec { get; }

    /// <summary>Draws every weight from a normal distribution, with the published scale, and sets the biases to 0.</summary>
    /// <param name="random">A generator on the CPU; the same seed gives the same weights on every device.</param>
    public void Initialize(torch.Generator random)
    {
        foreach (MapperNetwork? network in _networks)
            network?.Initialize(random);
    }

    /// <summary>The change of every style vector.</summary>
    /// <param name="styles">One [B, C] per style vector.</param>
    /// <returns>One [B, C] per style vector, before the edit strength.</returns>
    public Tensor[] Delta(IReadOnlyList<Tensor> styles)
    {
        ArgumentNullException.ThrowIfNull(styles);
        if (styles.Count != _networks.Length)
            throw new ArgumentException($"{styles.Count} style vectors were given; the mapper has {_networks.Length}.", nameof(styles));
        var deltas = new Tensor[styles.Count];
        for (int i = 0; i < deltas.Length; i++)
        {
            Shape.Require(styles[i], $"styles[{i}]", -1, Spec.StyleWidths[i]);
            deltas[i] = _networks[i]?.call(styles[i]) ?? zeros_like(styles[i]);
        }
        return deltas;
    }
}
