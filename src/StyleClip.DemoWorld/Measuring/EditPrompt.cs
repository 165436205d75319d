using System.Collections.Immutable;
using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Measuring;

/// <summary>A prompt of the quality check and what its edit must reach.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="Factor">The factor that the prompt is about.</param>
/// <param name="Group">The group of <see cref="BinaryAttribute"/> that may change with it.</param>
/// <param name="Succeeds">Whether a face with this reading of the factor fulfils the prompt.</param>
/// <param name="MinConversion">Least share of the faces that did not fulfil the prompt before and do after.</param>
/// <param name="MinIdentity">Least mean identity similarity.</param>
/// <param name="MaxFlips">Largest share of other attributes that change sides.</param>
internal sealed record EditPrompt(string Text, Factor Factor, string Group, Func<float, bool> Succeeds, double MinConversion, double MinIdentity = 0.93, double MaxFlips = 0.10)
{
    private static readonly Func<float, bool> Present = value => value > 0.5f;

    /// <summary>The ten prompts that a pack is judged by.</summary>
    public static ImmutableArray<EditPrompt> All { get; } =
    [
        new("red hair", Factor.RedHair, "colour", Present, 0.85),
        new("purple hair", Factor.PurpleHair, "colour", Present, 0.85),
        new("a mohawk", Factor.Mohawk, "style", Present, 0.85),
        new("curly hair", Factor.CurlyHair, "style", Present, 0.85),
        new("smiling", Factor.Smile, "mood", value => value > 0.35f, 0.95),
        new("angry", Factor.Angry, "angry", Present, 0.95),
        new("glasses", Factor.Glasses, "glasses", Present, 0.95),
        new("a beard", Factor.Beard, "beard", Present, 0.95),
        new("without wrinkles", Factor.Wrinkles, "wrinkles", value => value < 0.25f, 0.95),
        new("a clown", Factor.Clown, "clown", Present, 0.95, MinIdentity: 0.85, MaxFlips: 0.20),
    ];
}
