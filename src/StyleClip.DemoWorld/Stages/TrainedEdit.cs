using StyleClip.Contracts.Recipes;
using StyleClip.Models.Mappers;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Stages;

/// <summary>A mapper read back from its published bytes.</summary>
internal sealed class TrainedEdit : IDisposable
{
    private readonly Mapper _mapper;
    private readonly double _strength;

    public TrainedEdit(FrozenNetworks pack, MapperRecipe recipe, byte[] mapper)
    {
        _strength = recipe.Strength;
        _mapper = new LevelsMapper(MapperSpec.For(pack.Generator.Spec) with
        {
            Levels = recipe.Levels,
            CoarseEnd = recipe.CoarseEnd,
            MediumEnd = recipe.MediumEnd,
            Depth = recipe.Depth,
            PixelNormAxis = recipe.PixelNormAxis,
        });
        using StateDict weights = SafetensorsReader.Read(new MemoryStream(mapper), "the trained mapper");
        weights.LoadInto(_mapper, "the mapper");
    }

    /// <summary>[B, L, D] -> [B, L, D]</summary>
    public Tensor Apply(Tensor wPlus) => wPlus + (_strength * _mapper.Delta(wPlus));

    public void Dispose() => _mapper.Dispose();
}
