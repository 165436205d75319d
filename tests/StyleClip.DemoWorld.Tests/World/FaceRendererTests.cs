using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Tests.World;

public sealed class FaceRendererTests
{
    private static readonly FaceRenderer Renderer = new(64);
    private static readonly FaceWorld World = new(seed: 1, size: 64);

    [Fact]
    public void A_face_is_drawn_the_same_each_time()
    {
        Face face = World.FaceOf(Population.HeldOut, 3);

        Assert.Equal(Renderer.Render(face).ToArray(), Renderer.Render(face).ToArray());
    }

    [Fact]
    public void Colours_stay_between_black_and_white()
    {
        for (int i = 0; i < 50; i++)
            Assert.All(Renderer.Render(World.FaceOf(Population.HeldOut, i)).ToArray(), value => Assert.InRange(value, 0f, 1f));
    }

    [Theory]
    [InlineData(nameof(Factor.Angry), 0.04)]
    [InlineData(nameof(Factor.Surprised), 0.04)]
    [InlineData(nameof(Factor.Wrinkles), 0.05)]
    [InlineData(nameof(Factor.Glasses), 0.08)]
    [InlineData(nameof(Factor.Beard), 0.08)]
    [InlineData(nameof(Factor.MakeUp), 0.04)]
    [InlineData(nameof(Factor.Clown), 0.2)]
    public void An_attribute_changes_many_pixels_strongly(string name, double leastShare)
    {
        Factor factor = Enum.Parse<Factor>(name);
        double share = Enumerable.Range(0, 20).Average(i =>
        {
            Face with = Plain(i), without = Plain(i);
            with[factor] = 1;
            return ChangedShare(with, without);
        });

        Assert.True(share >= leastShare / 2, $"{name} changes {share:p1} of the pixels by more than a tenth.");
    }

    [Fact]
    public void Hair_colour_shows_with_every_hair_style()
    {
        foreach (Factor style in Factors.HairStyles.ToArray())
        {
            Face red = Plain(1, style, Factor.RedHair), black = Plain(1, style, Factor.BlackHair);

            Assert.True(ChangedShare(red, black) > 0.03, $"{style} shows {ChangedShare(red, black):p1} of hair.");
        }
    }

    [Fact]
    public void Half_way_between_two_styles_the_hair_is_opaque()
    {
        Face red = Plain(2, Factor.BuzzCut, Factor.RedHair), black = Plain(2, Factor.BuzzCut, Factor.BlackHair);
        foreach (Face face in (Face[])[red, black]) face[Factor.BuzzCut] = face[Factor.Mohawk] = 0.5f;

        float[] reds = Renderer.Render(red).ToArray(), blacks = Renderer.Render(black).ToArray();
        float[] differences = [.. Enumerable.Range(0, 64 * 64).Select(i => reds[i] - blacks[i]).Where(difference => difference > 0.02f)];

        // Ghosts would leave every pixel of hair at half the difference; here only edges are.
        Assert.True(differences.Count(difference => difference > 0.75f) >= 0.4 * differences.Length, $"{differences.Length} pixels, largest {differences.Max()}");
    }

    [Fact]
    public void A_person_in_another_state_keeps_the_identity_factors_and_nothing_else()
    {
        Face person = World.FaceOf(Population.IdentityTraining, 1), other = World.FaceOf(Population.IdentityStates, 2);
        Face restated = person.WithStateOf(other);

        Assert.Equal(person.Values[..Factors.IdentityCount].ToArray(), restated.Values[..Factors.IdentityCount].ToArray());
        Assert.Equal(other.Values[Factors.IdentityCount..].ToArray(), restated.Values[Factors.IdentityCount..].ToArray());
    }

    private static Face Plain(int index, Factor style = Factor.ShortHair, Factor colour = Factor.BrownHair)
    {
        Face identity = World.FaceOf(Population.HeldOut, index);
        var state = new Face { [style] = 1, [colour] = 1, [Factor.BackgroundLightness] = 0.5f };
        return identity.WithStateOf(state);
    }

    private static double ChangedShare(Face a, Face b)
    {
        float[] first = Renderer.Render(a).ToArray(), second = Renderer.Render(b).ToArray();
        const int plane = 64 * 64;
        return Enumerable.Range(0, plane).Average(i =>
            Enumerable.Range(0, 3).Max(channel => Math.Abs(first[channel * plane + i] - second[channel * plane + i])) > 0.1 ? 1.0 : 0.0);
    }
}
