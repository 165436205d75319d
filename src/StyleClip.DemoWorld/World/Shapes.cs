namespace StyleClip.DemoWorld.World;

/// <summary>Signed distances, in drawing units, negative inside.</summary>
internal static class Shapes
{
    public static float Ellipse(float x, float y, float radiusX, float radiusY)
    {
        float nearness = MathF.Sqrt(x * x / (radiusX * radiusX) + y * y / (radiusY * radiusY));
        if (nearness < 1e-4f) return -Math.Min(radiusX, radiusY);
        float slope = MathF.Sqrt(x * x / (radiusX * radiusX * radiusX * radiusX) + y * y / (radiusY * radiusY * radiusY * radiusY));
        return nearness * (nearness - 1) / slope;
    }

    /// <summary>A line with round ends; <paramref name="radius"/> is half its thickness.</summary>
    public static float Line(float x, float y, float x0, float y0, float x1, float y1, float radius)
    {
        float dx = x1 - x0, dy = y1 - y0;
        float t = Math.Clamp(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy + 1e-6f), 0f, 1f);
        float ex = x - x0 - t * dx, ey = y - y0 - t * dy;
        return MathF.Sqrt(ex * ex + ey * ey) - radius;
    }

    /// <summary>A line bent through the control point of a parabola, drawn as six straight pieces.</summary>
    public static float Curve(float x, float y, (float X, float Y) from, (float X, float Y) control, (float X, float Y) to, float radius)
    {
        const int pieces = 6;
        float nearest = float.MaxValue;
        var last = from;
        for (int i = 1; i <= pieces; i++)
        {
            float t = (float)i / pieces, s = 1 - t;
            (float X, float Y) next = (s * s * from.X + 2 * s * t * control.X + t * t * to.X, s * s * from.Y + 2 * s * t * control.Y + t * t * to.Y);
            nearest = Math.Min(nearest, Line(x, y, last.X, last.Y, next.X, next.Y, radius));
            last = next;
        }
        return nearest;
    }

    public static float RoundedBox(float x, float y, float halfWidth, float halfHeight, float corner)
    {
        float qx = Math.Abs(x) - halfWidth + corner, qy = Math.Abs(y) - halfHeight + corner;
        float outside = MathF.Sqrt(MathF.Pow(Math.Max(qx, 0), 2) + MathF.Pow(Math.Max(qy, 0), 2));
        return outside + Math.Min(Math.Max(qx, qy), 0) - corner;
    }
}
