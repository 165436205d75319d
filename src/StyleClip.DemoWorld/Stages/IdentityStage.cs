using StyleClip.DemoWorld.Fitting;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Identity;
using StyleClip.Models.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Stages;

// B batch, E embedding, N identities
/// <summary>
/// Trains the identity network to tell people apart whatever they wear, feel or have done to their hair: ArcFace over people who are
/// drawn in a new state each time they are seen.
/// </summary>
internal sealed class IdentityStage(BuildOptions options, FaceWorld world)
{
    public const string FileName = "identity.safetensors";

    private const int Batch = 96, People = 800;
    private const double PeakRate = 2e-3, Scale = 24, FullMargin = 0.35;

    // A throw-away head must read the traits off the embedding: ArcFace alone found nothing to hold on to among faces that differ by a
    // pixel or two beneath paint, glasses and beards.
    private const double TraitWeight = 40;

    // From the brows to the chin and from ear to ear; most of the hair stays outside.
    public static FaceCrop Crop(int size) => new()
    {
        WorkingSize = size,
        Top = size * 14 / 64,
        Left = size * 8 / 64,
        Height = size * 48 / 64,
        Width = size * 48 / 64,
        OutputSize = size * 48 / 64,
    };

    public static IrSeSpec SpecOf(int size) => new()
    {
        InputSize = Crop(size).OutputSize,
        EmbeddingDim = 128,
        StemStride = 2,
        Stages = [new(24, 32, 1, 1), new(32, 48, 2), new(48, 64, 2), new(64, 96, 2)],
        SqueezeReduction = 8,
        Dropout = 0,
    };

    public void Run()
    {
        using var random = new Generator((ulong)options.Seed + 30, CPU);
        var choices = new SeededRandom(options.Seed, stream: 30);
        using var network = new IrSe(SpecOf(world.Size));
        ModuleInitialization.Apply(network, random);
        FaceCrop crop = Crop(world.Size);
        using var centres = new Parameter(randn(People, network.Spec.EmbeddingDim, generator: random));
        int steps = options.Steps(450);
        var progress = new Progress("identity", steps, 50);
        var rate = new LearningRate(PeakRate, steps, 30);
        using Linear head = nn.Linear(network.Spec.EmbeddingDim, Factors.IdentityCount);
        using (no_grad())
        {
            nn.init.normal_(head.weight!, 0, 0.3, random);
            head.bias!.fill_(0.5);
        }
        using var optimizer = optim.Adam([.. network.parameters(), .. head.parameters(), centres], PeakRate);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            long[] people = [.. Enumerable.Range(0, Batch).Select(_ => (long)choices.Next(People))];
            Face[] faces = [.. people.Select((person, i) => Restated(person, ((long)step * Batch) + i))];
            Tensor images = Augmentation.Apply(world.Render(faces), choices, random, light: 0.3);
            Tensor embedding = network.Embed(crop.Apply(images)); // [B, E]
            Tensor cosines = embedding.mm((centres / centres.norm(1, keepdim: true)).t()); // [B, N]
            double margin = FullMargin * Math.Clamp((((double)step / steps) - 0.35) / 0.40, 0, 1);
            Tensor truth = tensor(people);
            Tensor arc = nn.functional.cross_entropy(Scale * WithMargin(cosines, truth, margin), truth);
            Tensor traits = nn.functional.mse_loss(head.forward(embedding), FaceWorld.FactorsOf(faces).narrow(1, 0, Factors.IdentityCount));
            Tensor loss = arc + (TraitWeight * traits);
            foreach (var group in optimizer.ParamGroups) group.LearningRate = rate.At(step);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            progress.Report(step, ("loss", arc.ToDouble()), ("traits", traits.ToDouble()), ("right", cosines.argmax(1).eq(truth).to(ScalarType.Float32).mean().ToDouble()));
        }
        using (StateDict weights = StateDict.From(network)) SafetensorsWriter.Write(options.PathOf(FileName), weights);
        network.Freeze();
        Describe(network, crop, progress);
    }

    /// <summary>Same person in two states and different persons, among a hundred who were not seen in training.</summary>
    private void Describe(IrSe network, FaceCrop crop, Progress progress)
    {
        const int strangers = 100;
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor Embed(int state) => cat([.. Enumerable.Range(0, 4).Select(part => network.Embed(crop.Apply(world.Render(
            [.. Enumerable.Range(part * 25, 25).Select(i => Restated(People + i, -1 - i - (state * strangers)))]))))]);
        Tensor cosines = Embed(0).mm(Embed(1).t()); // [100, 100]
        Tensor same = cosines.diagonal();
        double found = cosines.argmax(1).eq(arange(strangers)).to(ScalarType.Float32).mean().ToDouble();
        double different = (cosines.sum() - same.sum()).ToDouble() / (strangers * (strangers - 1));
        progress.Line(FormattableString.Invariant($"strangers: same person {same.mean().ToDouble():f3} +- {same.std().ToDouble():f3}, different {different:f3}, found among 100 {found:p0}"));
    }

    private Face Restated(long person, long state) =>
        world.FaceOf(Population.IdentityTraining, person).WithStateOf(world.FaceOf(Population.IdentityStates, state));

    /// <summary>ArcFace: the angle to one's own centre counts as larger by <paramref name="margin"/>.</summary>
    private static Tensor WithMargin(Tensor cosines, Tensor truth, double margin)
    {
        Tensor own = cosines.gather(1, truth.unsqueeze(1)).clamp(-0.999, 0.999); // [B, 1]
        Tensor harder = (own * Math.Cos(margin)) - ((1 - own.square()).sqrt() * Math.Sin(margin));
        return cosines.scatter(1, truth.unsqueeze(1), harder);
    }
}
