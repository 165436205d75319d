namespace StyleClip.DemoWorld.World;

/// <summary>
/// Hair as one shape behind the head and one before it. Between two styles the distances are mixed, not the paint:
/// a face half way between a mohawk and a buzz cut wears a low broad mohawk, never the ghosts of both.
/// </summary>
internal static class HairPainter
{
    private const float CentreX = 32;

    // Distance at which a style without hair in a place counts there: near enough to let a second style win by half its weight.
    private const float Absent = 5f;

    public static void PaintBack(Canvas canvas, Face face, FacePlan plan)
    {
        float longHair = face[Factor.LongHair], curly = face[Factor.CurlyHair], rest = 1 - longHair - curly;
        if (longHair + curly < 0.05f) return;
        canvas.Paint(Bounds.Everything, Colour(face).Scaled(0.80f), 1, (x, y) =>
            rest * Absent
            + longHair * Math.Min(Absent, LongBack(x, y, plan))
            + curly * Math.Min(Absent, CurlyBack(x, y, plan)));
    }

    public static void PaintFront(Canvas canvas, Face face, FacePlan plan)
    {
        float buzz = face[Factor.BuzzCut], shortHair = face[Factor.ShortHair], longHair = face[Factor.LongHair];
        float mohawk = face[Factor.Mohawk], curly = face[Factor.CurlyHair];
        var colour = Colour(face);
        var bounds = new Bounds(4, 0, 60, plan.EyeY + 2);
        canvas.Paint(bounds, colour, 1, (x, y) =>
            buzz * Clip(BuzzFront(x, y, plan))
            + shortHair * Clip(ShortFront(x, y, plan))
            + longHair * Clip(LongFront(x, y, plan))
            + mohawk * Clip(MohawkFront(x, y, plan))
            + curly * Clip(CurlyFront(x, y, plan)));
        PaintCurls(canvas, colour, curly, plan);
    }

    private static Rgb Colour(Face face)
    {
        ReadOnlySpan<Rgb> palette =
        [
            new(0.07f, 0.06f, 0.09f), new(0.40f, 0.23f, 0.10f), new(0.98f, 0.85f, 0.32f), new(0.88f, 0.10f, 0.06f), new(0.55f, 0.12f, 0.85f), new(0.66f, 0.68f, 0.72f),
        ];
        float r = 0, g = 0, b = 0;
        for (int i = 0; i < palette.Length; i++)
        {
            float weight = face[Factors.HairColours[i]];
            r += weight * palette[i].R;
            g += weight * palette[i].G;
            b += weight * palette[i].B;
        }
        return new(r, g, b);
    }

    private static float Clip(float distance) => Math.Clamp(distance, -Absent, Absent);

    /// <summary>The scalp: within the head grown by <paramref name="volume"/> and above a hairline that drops by <paramref name="drop"/> at the temples.</summary>
    private static float Cap(float x, float y, FacePlan plan, float volume, float hairline, float drop)
    {
        float dx = (x - CentreX) / plan.HalfWidth;
        return Math.Max(plan.HeadDistance(x, y) - volume, y - (plan.Top + hairline + drop * dx * dx));
    }

    private static float BuzzFront(float x, float y, FacePlan plan) => Cap(x, y, plan, 0.8f, 5.5f, 5.0f);

    private static float ShortFront(float x, float y, FacePlan plan)
    {
        float parting = 0.13f * (x - CentreX); // combed to one side, which no other style is
        return Cap(x, y, plan, 3.6f, 5.5f + parting, 4.0f);
    }

    private static float LongFront(float x, float y, FacePlan plan) => Cap(x, y, plan, 2.6f, 3.2f, 13.0f);

    private static float MohawkFront(float x, float y, FacePlan plan)
    {
        float crest = Shapes.Ellipse(x - CentreX, y - plan.Top + 4.5f, 6.2f, 13.5f);
        return crest + 0.6f * MathF.Sin(y * 1.3f);
    }

    private static float CurlyFront(float x, float y, FacePlan plan)
    {
        float curls = 0.9f * MathF.Sin(x * 1.05f);
        return Cap(x, y, plan, 4.5f, 5.2f + curls, 4.0f);
    }

    private static float LongBack(float x, float y, FacePlan plan) =>
        Shapes.RoundedBox(x - CentreX, y - (plan.Top - 3 + 64) / 2, plan.HalfWidth + 5.5f, (64 - plan.Top + 6) / 2, 14);

    private static float CurlyBack(float x, float y, FacePlan plan)
    {
        float dx = x - CentreX, dy = y - (plan.Top + 9.5f);
        float scallops = 1.3f * MathF.Sin(MathF.Atan2(dy, dx) * 11);
        return Shapes.Ellipse(dx, dy, plan.HalfWidth + 6.5f, 21f) - scallops;
    }

    /// <summary>Rows of dots, darker than the hair, so that curls show whatever the outline.</summary>
    private static void PaintCurls(Canvas canvas, Rgb hair, float strength, FacePlan plan)
    {
        var shade = hair.R + hair.G + hair.B > 0.6f ? hair.Scaled(0.55f) : new Rgb(0.36f, 0.34f, 0.40f);
        canvas.Paint(new(4, 0, 60, plan.EyeY + 10), shade, 0.9f * LatentShare(strength), (x, y) =>
        {
            float hairDistance = Math.Min(CurlyFront(x, y, plan), Math.Max(CurlyBack(x, y, plan), -plan.HeadDistance(x, y) + 1.5f));
            float row = MathF.Round((y - plan.Top) / 6.6f);
            float shift = row % 2 == 0 ? 0 : 3.6f;
            float cx = MathF.Round((x - CentreX - shift) / 7.2f) * 7.2f + shift + CentreX, cy = row * 6.6f + plan.Top;
            float curl = Shapes.Ellipse(x - cx, y - cy, 1.9f, 1.9f);
            return Math.Max(curl, hairDistance + 0.8f);
        });
    }

    private static float LatentShare(float strength) => (float)LatentFactorMap.SmoothStep(0.45, 0.8, strength);
}
