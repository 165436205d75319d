namespace StyleClip.DemoWorld.World;

/// <summary>The factors by kind.</summary>
internal static class Factors
{
    public const int Count = (int)Factor.Clown + 1;
    public const int IdentityCount = (int)Factor.BrowHeight + 1;

    public static ReadOnlySpan<Factor> HairColours =>
        [Factor.BlackHair, Factor.BrownHair, Factor.BlondHair, Factor.RedHair, Factor.PurpleHair, Factor.GreyHair];

    public static ReadOnlySpan<Factor> HairStyles =>
        [Factor.BuzzCut, Factor.ShortHair, Factor.LongHair, Factor.Mohawk, Factor.CurlyHair];

    public static ReadOnlySpan<Factor> Strengths =>
        [Factor.Angry, Factor.Surprised, Factor.Wrinkles, Factor.Glasses, Factor.Beard, Factor.MakeUp, Factor.Clown];
}
