using System.Collections.Immutable;
using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Measuring;

/// <summary>The factors that the attribute network reads, in the order of its values: those that prompts ask for.</summary>
internal static class MeasuredFactors
{
    public static ImmutableArray<Factor> All { get; } =
    [
        .. Factors.HairColours, .. Factors.HairStyles, Factor.Smile, .. Factors.Strengths,
    ];

    /// <summary>The number of the value that reads this factor.</summary>
    public static int ValueOf(Factor factor) => All.IndexOf(factor);
}
