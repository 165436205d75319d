using System.Collections.Immutable;
using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Measuring;

/// <summary>Something that a face has or has not, as read by a <see cref="MeasuringNetwork"/>.</summary>
/// <param name="Name">For people.</param>
/// <param name="Factor">The factor that decides.</param>
/// <param name="Threshold">The face has it above this value; below it for a negative one.</param>
/// <param name="Group">Attributes that exclude one another share a group: red hair cannot come without other colours going.</param>
internal sealed record BinaryAttribute(string Name, Factor Factor, float Threshold, string Group)
{
    public static ImmutableArray<BinaryAttribute> All { get; } =
    [
        .. Factors.HairColours.ToArray().Select(factor => new BinaryAttribute(factor.ToString(), factor, 0.5f, "colour")),
        .. Factors.HairStyles.ToArray().Select(factor => new BinaryAttribute(factor.ToString(), factor, 0.5f, "style")),
        new("Smiling", Factor.Smile, 0.35f, "mood"),
        new("Sad", Factor.Smile, -0.35f, "mood"),
        .. Factors.Strengths.ToArray().Select(factor => new BinaryAttribute(factor.ToString(), factor, 0.5f, factor.ToString())),
    ];

    public bool Holds(float value) => Threshold < 0 ? value < Threshold : value > Threshold;
}
