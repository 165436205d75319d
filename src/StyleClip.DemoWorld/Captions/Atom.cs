namespace StyleClip.DemoWorld.Captions;

/// <summary>The simplest things that a caption can claim of a face.</summary>
internal enum Atom
{
    BlackHair, BrownHair, BlondHair, RedHair, PurpleHair, GreyHair,
    BuzzCut, ShortHair, LongHair, Mohawk, CurlyHair,
    Smiling, Sad, Angry, Surprised,
    Wrinkles, NoWrinkles, Glasses, NoGlasses, Beard, NoBeard, MakeUp, NoMakeUp,
    Clown,
}
