using StyleClip.Contracts.Recipes;
using TorchSharp;

namespace StyleClip.Models.Mappers;

/// <summary>Makes mappers with drawn weights. A new kind of mapper is a class of its own and one case here.</summary>
public static class MapperFactory
{
    /// <summary>Makes a mapper over W+.</summary>
    /// <param name="spec">Its shape.</param>
    /// <param name="random">A seeded generator on the CPU.</param>
    /// <exception cref="ArgumentException">The spec is impossible, or of a kind that works in style space.</exception>
    public static Mapper Create(MapperSpec spec, torch.Generator random)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Mapper mapper = spec.Kind switch
        {
            MapperKind.Levels => new LevelsMapper(spec),
            MapperKind.Single => new SingleMapper(spec),
            _ => throw new ArgumentException($"Kind is {spec.Kind}; a mapper over W+ is Levels or Single.", nameof(spec)),
        };
        mapper.Initialize(random);
        return mapper;
    }

    /// <summary>Makes a mapper over style space.</summary>
    /// <param name="spec">Its shape.</param>
    /// <param name="random">A seeded generator on the CPU.</param>
    /// <exception cref="ArgumentException">The spec is impossible, or of a kind that works in W+.</exception>
    public static StyleSpaceMapper CreateStyleSpace(MapperSpec spec, torch.Generator random)
    {
        var mapper = new StyleSpaceMapper(spec);
        mapper.Initialize(random);
        return mapper;
    }
}
