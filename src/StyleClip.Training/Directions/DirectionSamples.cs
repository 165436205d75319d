using StyleClip.Contracts.Directions;
using StyleClip.Models.Packs;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

// n samples, D style width, C channels of a layer

/// <summary>The latents of a channel study. Each has a random stream of its own: any part can be drawn anywhere.</summary>
internal static class DirectionSamples
{
    /// <summary>Style vectors of consecutive samples, [n, C] per style layer, in the caller's dispose scope.</summary>
    public static Tensor[] Styles(FrozenNetworks networks, DirectionTableSpec spec, int first, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        int width = networks.Generator.Spec.StyleDim;
        ulong key = CounterRandom.Key(spec.Seed, "directions");
        float[] z = new float[count * width];
        for (int i = 0; i < count; i++) CounterRandom.Normal(CounterRandom.Bits(key, (ulong)(first + i)), z.AsSpan(i * width, width));
        Tensor w = networks.Generator.MapToW(tensor(z, [count, width]).to(networks.MeanW.device)); // [n, D]
        Tensor[] styles = networks.Generator.Styles(networks.Generator.Repeat(networks.Generator.Truncate(w, networks.MeanW, spec.Truncation)));
        foreach (Tensor style in styles) scope.MoveToOuter(style);
        return styles;
    }
}
