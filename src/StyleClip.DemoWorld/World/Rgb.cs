namespace StyleClip.DemoWorld.World;

/// <summary>Red, green, blue in [0, 1].</summary>
internal readonly record struct Rgb(float R, float G, float B)
{
    public static Rgb Mix(Rgb from, Rgb to, float share) =>
        new(from.R + share * (to.R - from.R), from.G + share * (to.G - from.G), from.B + share * (to.B - from.B));

    public Rgb Scaled(float factor) => new(R * factor, G * factor, B * factor);

    /// <summary>A colour of full saturation at <paramref name="hue"/> (0 to 1, red to red) moved towards grey.</summary>
    public static Rgb OfHue(float hue, float saturation, float lightness)
    {
        float Channel(float shift)
        {
            float position = (hue + shift) % 1f * 6f;
            float full = Math.Clamp(Math.Abs(position - 3f) - 1f, 0f, 1f);
            return Math.Clamp(lightness * (1 - saturation + 2 * saturation * full * 0.75f), 0f, 1f);
        }
        return new(Channel(0f), Channel(2f / 3f), Channel(1f / 3f));
    }
}
