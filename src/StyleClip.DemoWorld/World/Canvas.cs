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

/// <summary>A rectangle in drawing units, outside of which a shape is known to be absent.</summary>
internal readonly record struct Bounds(float Left, float Top, float Right, float Bottom)
{
    public static Bounds Everything => new(0, 0, Canvas.Units, Canvas.Units);

    public static Bounds Around(float x, float y, float radiusX, float radiusY) => new(x - radiusX, y - radiusY, x + radiusX, y + radiusY);
}

/// <summary>
/// Paints shapes given as signed distances (negative inside), back to front. Drawing units are 64 to a side at every
/// resolution; edges are softened over <see cref="Softness"/> pixels.
/// </summary>
internal sealed class Canvas
{
    public const float Units = 64f;
    private const float Softness = 1.5f;

    private readonly int _size;
    private readonly float[] _pixels; // [3, size, size]

    public Canvas(int size)
    {
        _size = size;
        _pixels = new float[3 * size * size];
    }

    /// <summary>Planar RGB in [0, 1].</summary>
    public ReadOnlySpan<float> Pixels => _pixels;

    public void Paint(Bounds bounds, Rgb colour, float opacity, Func<float, float, float> distance)
    {
        if (opacity <= 0.004f) return;
        float pixel = Units / _size;
        int left = Math.Max(0, (int)(bounds.Left / pixel) - 1), right = Math.Min(_size - 1, (int)(bounds.Right / pixel) + 1);
        int top = Math.Max(0, (int)(bounds.Top / pixel) - 1), bottom = Math.Min(_size - 1, (int)(bounds.Bottom / pixel) + 1);
        int plane = _size * _size;
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                float d = distance((column + 0.5f) * pixel, (row + 0.5f) * pixel) / pixel;
                float alpha = opacity * Math.Clamp(0.5f - d / Softness, 0f, 1f);
                if (alpha <= 0) continue;
                int at = row * _size + column;
                _pixels[at] += alpha * (colour.R - _pixels[at]);
                _pixels[plane + at] += alpha * (colour.G - _pixels[plane + at]);
                _pixels[2 * plane + at] += alpha * (colour.B - _pixels[2 * plane + at]);
            }
        }
    }
}
