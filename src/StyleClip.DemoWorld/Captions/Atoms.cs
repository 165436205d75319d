using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Captions;

/// <summary>What atoms mean.</summary>
internal static class Atoms
{
    public const int Count = (int)Atom.Clown + 1;

    /// <summary>How true an atom is of a face, in [0, 1]: faces half way between are half way true.</summary>
    public static float Truth(this Atom atom, Face face) => atom switch
    {
        <= Atom.GreyHair => Soft(0.35, 0.65, face[Factor.BlackHair + (int)atom]),
        <= Atom.CurlyHair => Soft(0.35, 0.65, face[Factor.BuzzCut + (atom - Atom.BuzzCut)]),
        Atom.Smiling => Soft(0.2, 0.6, face[Factor.Smile]),
        Atom.Sad => Soft(0.2, 0.6, -face[Factor.Smile]),
        Atom.Angry => Soft(0.3, 0.7, face[Factor.Angry]),
        Atom.Surprised => Soft(0.3, 0.7, face[Factor.Surprised]),
        Atom.Wrinkles => Soft(0.3, 0.7, face[Factor.Wrinkles]),
        Atom.Glasses => Soft(0.3, 0.7, face[Factor.Glasses]),
        Atom.Beard => Soft(0.3, 0.7, face[Factor.Beard]),
        Atom.MakeUp => Soft(0.3, 0.7, face[Factor.MakeUp]),
        Atom.Clown => Soft(0.3, 0.7, face[Factor.Clown]),
        Atom.NoWrinkles => 1 - Atom.Wrinkles.Truth(face),
        Atom.NoGlasses => 1 - Atom.Glasses.Truth(face),
        Atom.NoBeard => 1 - Atom.Beard.Truth(face),
        Atom.NoMakeUp => 1 - Atom.MakeUp.Truth(face),
        _ => throw new ArgumentOutOfRangeException(nameof(atom), atom, "is no atom"),
    };

    public static bool IsNegation(this Atom atom) => atom is Atom.NoWrinkles or Atom.NoGlasses or Atom.NoBeard or Atom.NoMakeUp;

    private static float Soft(double low, double high, float value) => (float)LatentFactorMap.SmoothStep(low, high, value);
}
