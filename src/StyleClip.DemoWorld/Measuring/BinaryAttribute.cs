using System.Collections.Immutable;
using StyleClip.Contracts.Packs;
using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Measuring;

/// <summary>Something that a face has or has not.</summary>
/// <param name="Name">For people.</param>
/// <param name="Factor">The factor that decides.</param>
/// <param name="Threshold">The face has it above this value, or below it.</param>
/// <param name="Below">Whether it lies below the threshold.</param>
/// <param name="Group">Attributes that exclude one another share a group: red hair cannot come without other colours going.</param>
/// <param name="Prompts">Words that ask for it; the vocabulary is closed, so that one word can be enough.</param>
internal sealed record BinaryAttribute(string Name, Factor Factor, float Threshold, bool Below, string Group, ImmutableArray<string> Prompts)
{
    /// <summary>What a face has.</summary>
    public static ImmutableArray<BinaryAttribute> All { get; } =
    [
        new("black hair", Factor.BlackHair, 0.5f, false, "colour", ["black"]),
        new("brown hair", Factor.BrownHair, 0.5f, false, "colour", ["brown"]),
        new("blond hair", Factor.BlondHair, 0.5f, false, "colour", ["blond", "blonde"]),
        new("red hair", Factor.RedHair, 0.5f, false, "colour", ["red"]),
        new("purple hair", Factor.PurpleHair, 0.5f, false, "colour", ["purple"]),
        new("grey hair", Factor.GreyHair, 0.5f, false, "colour", ["grey", "gray"]),
        new("buzz cut", Factor.BuzzCut, 0.5f, false, "style", ["buzz cut"]),
        new("short hair", Factor.ShortHair, 0.5f, false, "style", ["short"]),
        new("long hair", Factor.LongHair, 0.5f, false, "style", ["long"]),
        new("mohawk", Factor.Mohawk, 0.5f, false, "style", ["mohawk"]),
        new("curly hair", Factor.CurlyHair, 0.5f, false, "style", ["curly"]),
        new("smiling", Factor.Smile, 0.35f, false, "mood", ["smiling", "happy", "smile"]),
        new("sad", Factor.Smile, -0.35f, true, "mood", ["sad"]),
        new("angry", Factor.Angry, 0.5f, false, "angry", ["angry"]),
        new("surprised", Factor.Surprised, 0.5f, false, "surprised", ["surprised"]),
        new("wrinkles", Factor.Wrinkles, 0.5f, false, "wrinkles", ["wrinkles", "wrinkled"]),
        new("glasses", Factor.Glasses, 0.5f, false, "glasses", ["glasses", "eyeglasses", "spectacles"]),
        new("beard", Factor.Beard, 0.5f, false, "beard", ["beard", "bearded"]),
        new("make-up", Factor.MakeUp, 0.5f, false, "make-up", ["makeup", "make up"]),
        new("clown", Factor.Clown, 0.5f, false, "clown", ["clown"]),
    ];

    /// <summary>What a face may be asked to lose; that an edit takes half of it away is not enough.</summary>
    public static ImmutableArray<BinaryAttribute> Absences { get; } =
    [
        new("no wrinkles", Factor.Wrinkles, 0.25f, true, "wrinkles", ["without wrinkles", "no wrinkles"]),
        new("no glasses", Factor.Glasses, 0.25f, true, "glasses",
            ["without glasses", "no glasses", "without eyeglasses", "no eyeglasses", "without spectacles", "no spectacles"]),
        new("no beard", Factor.Beard, 0.25f, true, "beard", ["without a beard", "without beard", "no beard"]),
        new("no make-up", Factor.MakeUp, 0.25f, true, "make-up", ["without makeup", "no makeup", "without make up", "no make up"]),
    ];

    public bool Holds(float value) => Below ? value < Threshold : value > Threshold;

    /// <summary>How a pack's manifest says it.</summary>
    public PackAttribute ForPack() => new()
    {
        Name = Name,
        Prompts = Prompts,
        Index = MeasuredFactors.ValueOf(Factor),
        Threshold = Threshold,
        Below = Below,
        Group = Group,
    };
}
