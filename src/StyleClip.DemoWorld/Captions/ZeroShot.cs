using StyleClip.DemoWorld.World;
using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Captions;

/// <summary>How often CLIP's nearest text is the true one.</summary>
internal static class ZeroShot
{
    // Faces half way between two answers are not asked about.
    private const float Clear = 0.8f;

    private static readonly (string Name, (string Text, Atom Truth)[] Choices)[] Questions =
    [
        ("colour", [("black hair", Atom.BlackHair), ("brown hair", Atom.BrownHair), ("blond hair", Atom.BlondHair), ("red hair", Atom.RedHair), ("purple hair", Atom.PurpleHair), ("grey hair", Atom.GreyHair)]),
        ("style", [("a buzz cut", Atom.BuzzCut), ("short hair", Atom.ShortHair), ("long hair", Atom.LongHair), ("a mohawk", Atom.Mohawk), ("curly hair", Atom.CurlyHair)]),
        ("mood", [("smiling", Atom.Smiling), ("sad", Atom.Sad)]),
        ("wrinkles", [("with wrinkles", Atom.Wrinkles), ("without wrinkles", Atom.NoWrinkles)]),
        ("glasses", [("with glasses", Atom.Glasses), ("without glasses", Atom.NoGlasses)]),
        ("beard", [("with a beard", Atom.Beard), ("without a beard", Atom.NoBeard)]),
        ("makeup", [("with makeup", Atom.MakeUp), ("without makeup", Atom.NoMakeUp)]),
    ];

    // Claims without an opposite: how often a face of which it is true lies nearer to the text than one of which it is not.
    private static readonly (string Text, Atom Truth)[] Rankings = [("angry", Atom.Angry), ("surprised", Atom.Surprised), ("a clown", Atom.Clown), ("a mohawk", Atom.Mohawk)];

    /// <param name="towers">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="faces">The truth.</param>
    /// <param name="images">Unit embeddings of the faces' pictures, [N, E].</param>
    public static IEnumerable<(string Name, double Share)> Measure(ClipLoss towers, ITextTokenizer tokenizer, IReadOnlyList<Face> faces, Tensor images)
    {
        foreach ((string name, var choices) in Questions)
        {
            float[,] cosines = Cosines(towers, tokenizer, images, [.. choices.Select(choice => $"a face {(choice.Text.StartsWith("with", StringComparison.Ordinal) ? choice.Text : choice.Truth == Atom.Smiling || choice.Truth == Atom.Sad ? choice.Text : "with " + choice.Text)}")]);
            int asked = 0, right = 0;
            for (int i = 0; i < faces.Count; i++)
            {
                int truth = Array.FindIndex(choices, choice => choice.Truth.Truth(faces[i]) > Clear);
                if (truth < 0) continue;
                asked++;
                if (Enumerable.Range(0, choices.Length).MaxBy(choice => cosines[i, choice]) == truth) right++;
            }
            yield return (name, (double)right / Math.Max(1, asked));
        }
        foreach ((string text, Atom atom) in Rankings)
        {
            float[,] cosines = Cosines(towers, tokenizer, images, [text]);
            int[] with = [.. Enumerable.Range(0, faces.Count).Where(i => atom.Truth(faces[i]) > Clear)], without = [.. Enumerable.Range(0, faces.Count).Where(i => atom.Truth(faces[i]) < 1 - Clear)];
            long wins = with.Sum(i => (long)without.Count(j => cosines[i, 0] > cosines[j, 0]));
            yield return (text, (double)wins / Math.Max(1L, (long)with.Length * without.Length));
        }
    }

    private static float[,] Cosines(ClipLoss towers, ITextTokenizer tokenizer, Tensor images, string[] texts)
    {
        using var scope = NewDisposeScope();
        Tensor ids = stack([.. texts.Select(text => tensor(tokenizer.Tokenize(text)))]);
        float[] flat = images.mm(towers.EmbedText(ids).t()).data<float>().ToArray();
        var result = new float[images.shape[0], texts.Length];
        Buffer.BlockCopy(flat, 0, result, 0, flat.Length * sizeof(float));
        return result;
    }
}
