using StyleClip.Contracts.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Mappers;

// B batch, L style layers (18 at 1024 px), D style width.

/// <summary>One sub-network each for the coarse, medium and fine rows of W+. A level that is off has none, and a change of zero.</summary>
public sealed class LevelsMapper : Mapper
{
    private readonly LevelRows[] _levels;

    /// <summary>Makes a mapper of zeros.</summary>
    /// <param name="spec">Its shape.</param>
    /// <exception cref="ArgumentException">The spec is impossible; the message names the value.</exception>
    public LevelsMapper(MapperSpec spec)
        : base(spec, nameof(LevelsMapper)) =>
        _levels =
        [
            Register(Levels.Coarse, UpstreamKeys.Coarse, 0, spec.CoarseEnd),
            Register(Levels.Medium, UpstreamKeys.Medium, spec.CoarseEnd, spec.MediumEnd),
            Register(Levels.Fine, UpstreamKeys.Fine, spec.MediumEnd, spec.StyleLayers),
        ];

    /// <inheritdoc/>
    public override void Initialize(torch.Generator random)
    {
        foreach (LevelRows level in _levels)
            level.Network?.Initialize(random);
    }

    /// <inheritdoc/>
    public override Tensor Delta(Tensor wPlus)
    {
        Shape.Require(wPlus, nameof(wPlus), -1, Spec.StyleLayers, Spec.StyleDim);
        using DisposeScope scope = NewDisposeScope();
        var deltas = new List<Tensor>(_levels.Length);
        foreach (LevelRows level in _levels)
        {
            Tensor rows = wPlus.narrow(1, level.First, level.End - level.First); // [B, rows of the level, D]
            deltas.Add(level.Network is null ? zeros_like(rows) : level.Network.call(rows));
        }
        return scope.MoveToOuter(cat(deltas, dim: 1));
    }

    private LevelRows Register(Levels level, string key, int first, int end)
    {
        if (!Spec.Levels.HasFlag(level))
            return new(null, first, end);
        var network = new MapperNetwork(Spec.StyleDim, Spec.Depth, NormDimension(Spec.PixelNormAxis));
        register_module(key, network);
        return new(network, first, end);
    }

    private sealed record LevelRows(MapperNetwork? Network, int First, int End);
}
