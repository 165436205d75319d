using StyleClip.DemoWorld.World;
using StyleClip.Models.Attributes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Measuring;

// N faces, L style layers, D style width, M measured factors
/// <summary>Measures edits on held-out latents by a network that is independent of the pack's CLIP.</summary>
internal sealed class EditMeasurement
{
    private const int Chunk = 20;

    private readonly FrozenNetworks _pack;
    private readonly AttributeNetwork _attributes;
    private readonly ClipLoss _clip;
    private readonly IdentityLoss _identity;
    private readonly Tensor[] _latents; // chunks of [N, D]

    public EditMeasurement(FrozenNetworks pack, FaceWorld world, int faces = 200)
    {
        _pack = pack;
        _attributes = pack.Attributes ?? throw new ArgumentException("The pack has no attribute network.", nameof(pack));
        _clip = pack.ClipLoss(pack.Manifest.ClipInput);
        _identity = pack.IdentityLoss() ?? throw new ArgumentException("The pack has no identity network.", nameof(pack));
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _latents = [.. world.Latents(Population.MapperHeldOut, 0, faces).split(Chunk).Select(z => pack.Generator.MapToW(z).DetachFromDisposeScope())];
    }

    /// <summary>Applies <paramref name="edit"/>, W+ to W+, to every held-out face and compares before with after.</summary>
    public EditReport Measure(EditPrompt prompt, Func<Tensor, Tensor> edit)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor text = _clip.EmbedText(_pack.Tokenize(prompt.Text)); // [1, E]
        var before = new List<float[]>();
        var after = new List<float[]>();
        double identity = 0, clipBefore = 0, clipAfter = 0;
        foreach (Tensor w in _latents)
        {
            using DisposeScope chunk = NewDisposeScope();
            Tensor wPlus = _pack.Generator.Repeat(w);
            Tensor source = _pack.Generator.Synthesize(wPlus), edited = _pack.Generator.Synthesize(edit(wPlus));
            before.AddRange(Rows(_attributes.Measure(source)));
            after.AddRange(Rows(_attributes.Measure(edited)));
            identity += w.shape[0] * (1 - _identity.Loss(edited, _identity.Features(source)).ToDouble());
            clipBefore += w.shape[0] * (1 - _clip.Loss(source, text).ToDouble());
            clipAfter += w.shape[0] * (1 - _clip.Loss(edited, text).ToDouble());
        }
        int column = MeasuredFactors.ValueOf(prompt.Factor), faces = before.Count;
        bool[] had = [.. before.Select(row => prompt.Succeeds(row[column]))], has = [.. after.Select(row => prompt.Succeeds(row[column]))];
        int lacking = had.Count(value => !value);
        return new()
        {
            Prompt = prompt,
            HadIt = (double)(faces - lacking) / faces,
            HasIt = (double)has.Count(value => value) / faces,
            Conversion = (double)Enumerable.Range(0, faces).Count(i => !had[i] && has[i]) / Math.Max(1, lacking),
            Identity = identity / faces,
            ClipBefore = clipBefore / faces,
            ClipAfter = clipAfter / faces,
            Flips = Flips(prompt, before, after),
        };
    }

    /// <summary>Pictures before and after of the first faces that do not fulfil the prompt yet, planar RGB in [0, 1].</summary>
    public IEnumerable<(float[] Before, float[] After)> Pictures(EditPrompt prompt, Func<Tensor, Tensor> edit, int count)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int column = MeasuredFactors.ValueOf(prompt.Factor);
        Tensor candidates = _pack.Generator.Repeat(cat(_latents)[..(8 * count)]);
        long[] lacking = [.. Rows(_attributes.Measure(_pack.Generator.Synthesize(candidates))).Index()
            .Where(face => !prompt.Succeeds(face.Item[column])).Select(face => (long)face.Index).Take(count)];
        Tensor wPlus = candidates.index_select(0, tensor(lacking));
        float[][] before = [.. Rows(ToUnit(_pack.Generator.Synthesize(wPlus)))], after = [.. Rows(ToUnit(_pack.Generator.Synthesize(edit(wPlus))))];
        return before.Zip(after);

        static Tensor ToUnit(Tensor images) => ((images.clamp(-1, 1) + 1) / 2).flatten(1);
    }

    private static double Flips(EditPrompt prompt, List<float[]> before, List<float[]> after)
    {
        int flips = 0, pairs = 0;
        foreach (BinaryAttribute attribute in BinaryAttribute.All.Where(attribute => attribute.Group != prompt.Group))
        {
            int column = MeasuredFactors.ValueOf(attribute.Factor);
            pairs += before.Count;
            flips += Enumerable.Range(0, before.Count).Count(i => attribute.Holds(before[i][column]) != attribute.Holds(after[i][column]));
        }
        return (double)flips / pairs;
    }

    private static IEnumerable<float[]> Rows(Tensor values)
    {
        int width = (int)values.shape[1];
        return values.contiguous().data<float>().ToArray().Chunk(width);
    }
}
