namespace StyleClip.DemoWorld.World;

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
