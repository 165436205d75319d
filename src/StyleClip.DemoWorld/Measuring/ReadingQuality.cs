using System.Collections.Immutable;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Attributes;
using StyleClip.Models.Packs;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Measuring;

// N faces, K measured factors
/// <summary>How well the attribute network reads pictures of held-out faces, whose truth is known.</summary>
/// <param name="Explained">Share of each factor's variance that the readings explain (R2), in the order of <see cref="MeasuredFactors.All"/>.</param>
/// <param name="Agreement">Share of the faces for which reading and truth agree whether they have an attribute, all of them and their absences.</param>
internal sealed record ReadingQuality(ImmutableArray<double> Explained, ImmutableArray<(BinaryAttribute Attribute, double Share)> Agreement)
{
    /// <summary>Faces that the figures of the pack's card are of.</summary>
    public const int HeldOutFaces = 300;

    private const int Chunk = 50;

    /// <summary>On faces as the world draws them.</summary>
    public static ReadingQuality OfDrawn(AttributeNetwork network, FaceWorld world, long first, int count) =>
        Measure(network, world, first, count, chunk => world.Render([.. chunk.Select(i => world.FaceOf(Population.HeldOut, i))]));

    /// <summary>On faces as a pack's generator shows them: what the network reads when it judges edits.</summary>
    public static ReadingQuality OfGenerated(AttributeNetwork network, FrozenNetworks pack, FaceWorld world, long first, int count) =>
        Measure(network, world, first, count, chunk =>
            pack.Generator.Synthesize(pack.Generator.Repeat(pack.Generator.MapToW(world.Latents(Population.HeldOut, chunk[0], chunk.Length)))));

    /// <summary>For each attribute: its name, its factor's R2, and the agreement in percent.</summary>
    public IEnumerable<(string Name, double Explained, double Percent)> Rows() =>
        Agreement.Select(pair => (pair.Attribute.Name, Explained[MeasuredFactors.ValueOf(pair.Attribute.Factor)], 100 * pair.Share));

    private static ReadingQuality Measure(AttributeNetwork network, FaceWorld world, long first, int count, Func<long[], Tensor> pictures)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Face[] faces = [.. Enumerable.Range(0, count).Select(i => world.FaceOf(Population.HeldOut, first + i))];
        Tensor readings = cat([.. Enumerable.Range(0, count).Select(i => first + i).Chunk(Chunk).Select(chunk => Read(network, pictures, chunk))]); // [N, K]
        Tensor truth = FaceWorld.FactorsOf(faces).index_select(1, tensor(MeasuredFactors.All.Select(factor => (long)factor).ToArray())); // [N, K]
        Tensor explained = 1 - ((readings - truth).square().mean([0]) / truth.var(0));
        float[] read = readings.data<float>().ToArray(), real = truth.data<float>().ToArray();
        return new(
            [.. explained.data<float>().ToArray().Select(share => (double)share)],
            [.. BinaryAttribute.All.Concat(BinaryAttribute.Absences).Select(attribute => (attribute, Agree(attribute)))]);

        double Agree(BinaryAttribute attribute)
        {
            int value = MeasuredFactors.ValueOf(attribute.Factor), width = MeasuredFactors.All.Length;
            return Enumerable.Range(0, count).Count(i => attribute.Holds(read[(i * width) + value]) == attribute.Holds(real[(i * width) + value])) / (double)count;
        }
    }

    private static Tensor Read(AttributeNetwork network, Func<long[], Tensor> pictures, long[] chunk)
    {
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(network.Measure(pictures(chunk)));
    }
}
