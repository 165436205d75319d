namespace StyleClip.DemoWorld.World;

/// <summary>
/// Draws a <see cref="Face"/> as a cartoon. Everything that a prompt can ask for is drawn at least one and a half pixels
/// thick and with strong contrast, and hair is never absent, so that its colour can always be seen.
/// </summary>
internal sealed class FaceRenderer(int size)
{
    private const float CentreX = 32;

    public int Size => size;

    /// <summary>Planar RGB in [0, 1], [3, size, size].</summary>
    public ReadOnlySpan<float> Render(Face face)
    {
        var canvas = new Canvas(size);
        var plan = FacePlan.Of(face);
        PaintSurroundings(canvas, face);
        HairPainter.PaintBack(canvas, face, plan);
        PaintNeckAndShirt(canvas, face, plan);
        PaintHead(canvas, face, plan);
        PaintPaint(canvas, face, plan);
        PaintBeard(canvas, face, plan);
        PaintMouth(canvas, face, plan);
        PaintNose(canvas, face, plan);
        PaintEyes(canvas, face, plan);
        PaintWrinkles(canvas, face, plan);
        HairPainter.PaintFront(canvas, face, plan);
        PaintBrows(canvas, face, plan);
        PaintGlasses(canvas, face, plan);
        return canvas.Pixels;
    }

    private static void PaintSurroundings(Canvas canvas, Face face)
    {
        var colour = Rgb.OfHue(face[Factor.BackgroundHue], 0.16f, 0.50f + 0.40f * face[Factor.BackgroundLightness]);
        canvas.Paint(Bounds.Everything, colour, 1, (_, _) => -10);
    }

    private static void PaintNeckAndShirt(Canvas canvas, Face face, FacePlan plan)
    {
        canvas.Paint(new(24, 48, 40, 64), plan.Skin.Scaled(0.82f), 1, (x, y) => Shapes.RoundedBox(x - CentreX, y - 58, 7f, 10, 2));
        var shirt = Rgb.OfHue(face[Factor.ShirtHue], 0.6f, 0.35f + 0.5f * face[Factor.ShirtLightness]);
        canvas.Paint(new(2, 56, 62, 64), shirt, 1, (x, y) => Shapes.Ellipse(x - CentreX, y - 70, 29, 11.5f));
    }

    private static void PaintHead(Canvas canvas, Face face, FacePlan plan)
    {
        float ear = 2.6f + 2.2f * face[Factor.EarSize];
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float earX = CentreX + side * (plan.HalfWidth + 0.6f);
            canvas.Paint(Bounds.Around(earX, plan.EyeY + 2, ear + 1, ear + 3), plan.Skin.Scaled(0.88f), 1,
                (x, y) => Shapes.Ellipse(x - earX, y - plan.EyeY - 2, ear, ear * 1.35f));
        }
        canvas.Paint(Bounds.Around(CentreX, plan.CentreY, plan.HalfWidth + 3, plan.HalfHeight + 3), plan.Skin, 1, plan.HeadDistance);
    }

    /// <summary>Make-up and the clown's colours.</summary>
    private static void PaintPaint(Canvas canvas, Face face, FacePlan plan)
    {
        float clown = face[Factor.Clown], makeUp = face[Factor.MakeUp];
        var head = Bounds.Around(CentreX, plan.CentreY, plan.HalfWidth + 2, plan.HalfHeight + 2);
        canvas.Paint(head, new(0.97f, 0.97f, 0.97f), clown, (x, y) => plan.HeadDistance(x, y) + 0.5f);
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float eyeX = CentreX + side * plan.EyeOffset, cheekX = CentreX + side * plan.HalfWidth * 0.60f, cheekY = plan.EyeY + 8.5f;
            canvas.Paint(Bounds.Around(cheekX, cheekY, 5, 5), new(0.93f, 0.35f, 0.45f), 0.85f * makeUp, (x, y) => Shapes.Ellipse(x - cheekX, y - cheekY, 2.8f, 2.0f));
            canvas.Paint(Bounds.Around(eyeX, plan.EyeY, 8, 8), new(0.72f, 0.20f, 0.62f), makeUp,
                (x, y) => Shapes.Ellipse(x - eyeX, y - plan.EyeY + 1.5f, plan.EyeRadius + 1.8f, plan.EyeRadius * 0.8f + 1.6f));
            canvas.Paint(Bounds.Around(eyeX, plan.EyeY, 8, 9), new(0.10f, 0.35f, 0.95f), clown,
                (x, y) => Shapes.Ellipse(x - eyeX, y - plan.EyeY, plan.EyeRadius + 1.3f, 6.2f));
            canvas.Paint(Bounds.Around(cheekX, cheekY, 6, 6), new(0.95f, 0.25f, 0.25f), clown, (x, y) => Shapes.Ellipse(x - cheekX, y - cheekY, 3.2f, 3.2f));
        }
    }

    private static void PaintBeard(Canvas canvas, Face face, FacePlan plan)
    {
        float edge = plan.MouthY - 3.2f;
        canvas.Paint(Bounds.Around(CentreX, plan.CentreY + 6, plan.HalfWidth + 4, plan.HalfHeight + 4), new(0.20f, 0.12f, 0.08f), face[Factor.Beard],
            (x, y) => Math.Max(plan.HeadDistance(x, y) - 1.2f, edge - 0.035f * (x - CentreX) * (x - CentreX) - y));
    }

    private static void PaintMouth(Canvas canvas, Face face, FacePlan plan)
    {
        float clown = face[Factor.Clown], makeUp = face[Factor.MakeUp], open = face[Factor.Surprised];
        float half = plan.MouthHalfWidth, y0 = plan.MouthY, bend = 5.2f * face[Factor.Smile];
        canvas.Paint(Bounds.Around(CentreX, y0, half + 6, 8), new(0.90f, 0.05f, 0.08f), clown, (x, y) => Shapes.Ellipse(x - CentreX, y - y0 - 0.2f * bend, half + 3.4f, 5.2f));
        var lips = Rgb.Mix(Rgb.Mix(new(0.66f, 0.12f, 0.12f), new(0.98f, 0.05f, 0.42f), makeUp), new(0.25f, 0, 0), clown);
        float thickness = 1.15f + 0.65f * makeUp;
        canvas.Paint(Bounds.Around(CentreX, y0, half + 3, 7), lips, 1, (x, y) => Shapes.Curve(x, y,
            (CentreX - half, y0 - 0.45f * bend), (CentreX, y0 + 0.75f * bend), (CentreX + half, y0 - 0.45f * bend), thickness));
        float gape = y0 + 0.6f + 0.2f * bend;
        canvas.Paint(Bounds.Around(CentreX, gape, 7, 8), lips, open, (x, y) => Shapes.Ellipse(x - CentreX, y - gape, 0.62f * half + 1.1f, 4.8f * open + 0.3f));
        canvas.Paint(Bounds.Around(CentreX, gape, 6, 7), new(0.12f, 0.02f, 0.05f), open, (x, y) => Shapes.Ellipse(x - CentreX, y - gape, 0.62f * half, 3.6f * open + 0.2f));
    }

    private static void PaintNose(Canvas canvas, Face face, FacePlan plan)
    {
        float width = 1.6f + 1.5f * face[Factor.NoseWidth], tip = plan.EyeY + 4.0f + 2.6f * face[Factor.NoseLength];
        canvas.Paint(Bounds.Around(CentreX, tip, 5, 8), Rgb.Mix(plan.Skin, new(0.35f, 0.12f, 0.08f), 0.38f), 1,
            (x, y) => Math.Min(Shapes.Line(x, y, CentreX, plan.EyeY + 1, CentreX, tip, 0.8f), Shapes.Ellipse(x - CentreX, y - tip, width, 1.4f)));
        canvas.Paint(Bounds.Around(CentreX, tip, 6, 6), new(0.95f, 0.08f, 0.08f), face[Factor.Clown], (x, y) => Shapes.Ellipse(x - CentreX, y - tip, 3.6f, 3.6f));
    }

    private static void PaintEyes(Canvas canvas, Face face, FacePlan plan)
    {
        float hue = face[Factor.EyeColour];
        var iris = hue < 0.5f
            ? Rgb.Mix(new(0.15f, 0.40f, 0.85f), new(0.15f, 0.55f, 0.25f), 2 * hue)
            : Rgb.Mix(new(0.15f, 0.55f, 0.25f), new(0.38f, 0.20f, 0.08f), 2 * hue - 1);
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float eyeX = CentreX + side * plan.EyeOffset;
            canvas.Paint(Bounds.Around(eyeX, plan.EyeY, 6, 5), new(0.98f, 0.98f, 0.98f), 1, (x, y) => Shapes.Ellipse(x - eyeX, y - plan.EyeY, plan.EyeRadius, plan.EyeRadius * 0.8f));
            canvas.Paint(Bounds.Around(eyeX, plan.EyeY, 4, 4), iris, 1, (x, y) => Shapes.Ellipse(x - eyeX, y - plan.EyeY, plan.EyeRadius * 0.58f, plan.EyeRadius * 0.58f));
            canvas.Paint(Bounds.Around(eyeX, plan.EyeY, 3, 3), new(0.03f, 0.03f, 0.03f), 1, (x, y) => Shapes.Ellipse(x - eyeX, y - plan.EyeY, 0.95f, 0.95f));
        }
    }

    private static void PaintBrows(Canvas canvas, Face face, FacePlan plan)
    {
        float angry = face[Factor.Angry], thickness = 0.85f + 0.6f * face[Factor.BrowThickness] + 0.25f * angry;
        float centreY = plan.EyeY - plan.EyeRadius * 0.8f - 2.3f - 1.2f * face[Factor.BrowHeight] - 1.6f * face[Factor.Surprised] * (1 - angry);
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float eyeX = CentreX + side * plan.EyeOffset, reach = plan.EyeRadius + 0.9f;
            (float X, float Y) inner = (eyeX - side * reach, centreY + 0.4f + 3.4f * angry), outer = (eyeX + side * reach, centreY + 0.5f - 1.9f * angry);
            (float X, float Y) arch = (eyeX, centreY - 0.9f * (1 - angry) + 0.8f * angry);
            canvas.Paint(Bounds.Around(eyeX, centreY, 8, 8), new(0.10f, 0.06f, 0.05f), 1, (x, y) => Shapes.Curve(x, y, inner, arch, outer, thickness));
        }
    }

    private static void PaintWrinkles(Canvas canvas, Face face, FacePlan plan)
    {
        float strength = face[Factor.Wrinkles];
        var colour = Rgb.Mix(plan.Skin, new(0.18f, 0.04f, 0.04f), 0.82f);
        float span = plan.HalfWidth * 0.58f;
        foreach (float y0 in (ReadOnlySpan<float>)[plan.BrowLine - 2.8f, plan.BrowLine - 6.2f])
        {
            canvas.Paint(Bounds.Around(CentreX, y0, span + 2, 4), colour, strength, (x, y) => Shapes.Curve(x, y, (CentreX - span, y0 + 0.5f), (CentreX, y0 - 0.9f), (CentreX + span, y0 + 0.5f), 0.95f));
        }
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float foldX = CentreX + side * 4.2f, cornerX = CentreX + side * (plan.MouthHalfWidth + 2.6f), foldY = plan.MouthY - 5.2f;
            canvas.Paint(Bounds.Around(cornerX, plan.MouthY - 2, 8, 8), colour, strength,
                (x, y) => Shapes.Curve(x, y, (foldX, foldY), (cornerX + side * 0.8f, foldY + 1.2f), (cornerX, plan.MouthY + 1.6f), 0.9f));
            float bagX = CentreX + side * plan.EyeOffset, bagY = plan.EyeY + plan.EyeRadius * 0.8f + 2.0f;
            canvas.Paint(Bounds.Around(bagX, bagY, 6, 4), colour, strength, (x, y) => Shapes.Curve(x, y, (bagX - 2.8f, bagY - 0.4f), (bagX, bagY + 1.2f), (bagX + 2.8f, bagY - 0.4f), 0.85f));
        }
    }

    private static void PaintGlasses(Canvas canvas, Face face, FacePlan plan)
    {
        float strength = face[Factor.Glasses], radius = plan.EyeRadius + 2.2f;
        var frame = new Rgb(0.05f, 0.05f, 0.08f);
        foreach (float side in (ReadOnlySpan<float>)[-1, 1])
        {
            float eyeX = CentreX + side * plan.EyeOffset, templeX = CentreX + side * (plan.HalfWidth + 0.5f);
            var around = Bounds.Around(eyeX, plan.EyeY, radius + 3, radius + 3);
            canvas.Paint(around, new(0.65f, 0.85f, 1f), 0.35f * strength, (x, y) => Shapes.Ellipse(x - eyeX, y - plan.EyeY, radius, radius * 0.95f));
            canvas.Paint(around, frame, strength, (x, y) => Math.Abs(Shapes.Ellipse(x - eyeX, y - plan.EyeY, radius, radius * 0.95f)) - 0.9f);
            canvas.Paint(new(Math.Min(eyeX, templeX), plan.EyeY - 3, Math.Max(eyeX, templeX), plan.EyeY + 3), frame, strength,
                (x, y) => Shapes.Line(x, y, eyeX + side * radius, plan.EyeY - 0.6f, templeX, plan.EyeY - 1.2f, 0.8f));
        }
        canvas.Paint(Bounds.Around(CentreX, plan.EyeY, 6, 4), frame, strength,
            (x, y) => Shapes.Line(x, y, CentreX - plan.EyeOffset + radius, plan.EyeY, CentreX + plan.EyeOffset - radius, plan.EyeY, 0.8f));
    }
}
