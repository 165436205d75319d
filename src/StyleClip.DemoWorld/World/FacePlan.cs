namespace StyleClip.DemoWorld.World;

/// <summary>Where the parts of a face lie, in drawing units, worked out once from its factors.</summary>
internal sealed record FacePlan
{
    public required float HalfWidth { get; init; }
    public required float HalfHeight { get; init; }
    public required float CentreY { get; init; }
    public required float JawTaper { get; init; }
    public required float EyeY { get; init; }
    public required float EyeOffset { get; init; }
    public required float EyeRadius { get; init; }
    public required float MouthY { get; init; }
    public required float MouthHalfWidth { get; init; }
    public required Rgb Skin { get; init; }

    public float Top => CentreY - HalfHeight;

    /// <summary>Height of the middle of neutral brows: what lies on the forehead is placed from here.</summary>
    public float BrowLine => EyeY - 6.4f;

    public static FacePlan Of(Face face)
    {
        float halfWidth = 15.2f + 3.4f * face[Factor.FaceWidth], halfHeight = 18.6f + 2.2f * face[Factor.FaceHeight];
        float eyeRadius = 2.9f + 1.1f * face[Factor.EyeSize];
        var skin = Rgb.Mix(new(0.98f, 0.84f, 0.72f), new(0.66f, 0.45f, 0.32f), face[Factor.SkinTone]);
        float warmth = 0.10f * (face[Factor.SkinWarmth] - 0.5f);
        return new()
        {
            HalfWidth = halfWidth,
            HalfHeight = halfHeight,
            CentreY = 40.5f,
            JawTaper = 0.10f + 0.38f * face[Factor.JawTaper],
            EyeY = 41f,
            EyeOffset = 6.3f + 1.8f * face[Factor.EyeSpacing],
            EyeRadius = eyeRadius,
            MouthY = 51.2f + 1.6f * face[Factor.MouthHeight],
            MouthHalfWidth = 5.0f + 2.4f * face[Factor.MouthWidth],
            Skin = new(Math.Min(1, skin.R + warmth), skin.G, Math.Clamp(skin.B - warmth, 0, 1)),
        };
    }

    /// <summary>The head: an ellipse that narrows towards the chin.</summary>
    public float HeadDistance(float x, float y)
    {
        float below = Math.Max(0, (y - CentreY) / HalfHeight);
        float narrowing = 1 - JawTaper * below * below;
        return Shapes.Ellipse((x - 32) / Math.Max(narrowing, 0.3f), y - CentreY, HalfWidth, HalfHeight);
    }
}
