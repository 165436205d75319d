namespace StyleClip.DemoWorld.World;

/// <summary>Everything that is true of a face, in the order in which a <see cref="Face"/> stores it.</summary>
internal enum Factor
{
    // Identity: uniform in [0, 1]. The identity network must see these and nothing else.
    FaceWidth, FaceHeight, JawTaper, EyeSpacing, EyeSize, EyeColour, NoseLength, NoseWidth, MouthWidth, MouthHeight,
    SkinTone, SkinWarmth, EarSize, BrowThickness, BrowHeight,

    // Surroundings: uniform in [0, 1].
    BackgroundHue, BackgroundLightness, ShirtHue, ShirtLightness,

    // Weights that add up to 1.
    BlackHair, BrownHair, BlondHair, RedHair, PurpleHair, GreyHair,

    // Weights that add up to 1.
    BuzzCut, ShortHair, LongHair, Mohawk, CurlyHair,

    /// <summary>From -1, sad, to 1, smiling.</summary>
    Smile,

    // Strengths in [0, 1], most faces at one of the ends.
    Angry, Surprised, Wrinkles, Glasses, Beard, MakeUp, Clown,
}
