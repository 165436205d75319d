using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Tests.World;

public sealed class LatentFactorMapTests
{
    private static readonly LatentFactorMap Map = new(seed: 1);

    [Fact]
    public void A_latent_and_its_double_are_the_same_face()
    {
        float[] z = LatentFactorMap.SampleLatent(seed: 3, index: 7);
        Face face = Map.FaceOf(z), doubled = Map.FaceOf([.. z.Select(value => 2 * value)]);

        for (int i = 0; i < Factors.Count; i++) Assert.Equal(face.Values[i], doubled.Values[i], 1e-4f);
    }

    [Fact]
    public void Hair_colours_and_hair_styles_each_add_up_to_one()
    {
        Face face = Map.FaceOf(LatentFactorMap.SampleLatent(seed: 3, index: 8));

        Assert.Equal(1f, Sum(face, Factors.HairColours), 1e-5f);
        Assert.Equal(1f, Sum(face, Factors.HairStyles), 1e-5f);
    }

    [Fact]
    public void What_prompts_ask_for_is_neither_rare_nor_common()
    {
        Face[] faces = [.. Enumerable.Range(0, 4000).Select(i => Map.FaceOf(LatentFactorMap.SampleLatent(seed: 4, i)))];
        Factor[] asked = [.. Factors.HairColours, .. Factors.HairStyles, Factor.Smile, .. Factors.Strengths];

        foreach (Factor factor in asked)
            Assert.InRange(faces.Average(face => face[factor] > 0.5f ? 1.0 : 0.0), 0.08, 0.36);
    }

    [Fact]
    public void Identity_says_nothing_of_the_attributes()
    {
        Face[] faces = [.. Enumerable.Range(0, 4000).Select(i => Map.FaceOf(LatentFactorMap.SampleLatent(seed: 5, i)))];

        for (var trait = Factor.FaceWidth; trait <= Factor.BrowHeight; trait++)
            Assert.InRange(Correlation(faces, trait, Factor.Glasses), -0.07, 0.07);
    }

    private static float Sum(Face face, ReadOnlySpan<Factor> group)
    {
        float sum = 0;
        foreach (Factor factor in group) sum += face[factor];
        return sum;
    }

    private static double Correlation(Face[] faces, Factor a, Factor b)
    {
        double meanA = faces.Average(face => face[a]), meanB = faces.Average(face => face[b]);
        double Covariance(Func<Face, double> first, Func<Face, double> second) => faces.Average(face => first(face) * second(face));
        double A(Face face) => face[a] - meanA;
        double B(Face face) => face[b] - meanB;
        return Covariance(A, B) / Math.Sqrt(Covariance(A, A) * Covariance(B, B));
    }
}
