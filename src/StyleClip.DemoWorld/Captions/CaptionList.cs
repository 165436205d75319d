using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Captions;

/// <summary>True captions of held-out faces, each by itself a function of the seed and the face's number.</summary>
internal static class CaptionList
{
    // No stream of a training.
    private const long Seed = 77;

    public static void Write(FaceWorld world, int first, int count, TextWriter output)
    {
        foreach (string text in Enumerable.Range(first, count).Select(index => Caption(world, index)).Distinct()) output.WriteLine(text);
    }

    private static string Caption(FaceWorld world, int index) =>
        CaptionGrammar.Describe(world.FaceOf(Population.HeldOut, index), new SeededRandom(Seed, index)).Text;
}
