namespace StyleClip.DemoWorld.World;

/// <summary>A rectangle in drawing units, outside of which a shape is known to be absent.</summary>
internal readonly record struct Bounds(float Left, float Top, float Right, float Bottom)
{
    public static Bounds Everything => new(0, 0, Canvas.Units, Canvas.Units);

    public static Bounds Around(float x, float y, float radiusX, float radiusY) => new(x - radiusX, y - radiusY, x + radiusX, y + radiusY);
}
