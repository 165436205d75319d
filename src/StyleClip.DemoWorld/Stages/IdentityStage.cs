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
/// Trains the identity network to tell people apart whatever they wear, feel or have done to their hair. Everybody of a batch is drawn
/// in two states. The cosine of two pictures is taught to be 1 for one person and to fall with the distance of the traits for two, so
/// that a similarity means how alike people are. (ArcFace with 800 identities found nothing to hold on to in 400 steps: these faces
/// differ by a pixel or two beneath paint, glasses and beards.)
/// </summary>
internal sealed class IdentityStage(BuildOptions options, FaceWorld world)
{
    public const string FileName = "identity.safetensors";

    private const int People = 48, States = 2;
    private const double PeakRate = 3e-3, TraitWeight = 20, LikenessWidth = 0.8;

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
        int steps = options.Steps(1000);
        var progress = new Progress("identity", steps, 50);
        var rate = new LearningRate(PeakRate, steps, 30);
        using Linear head = nn.Linear(network.Spec.EmbeddingDim, Factors.IdentityCount);
        using (no_grad())
        {
            head.weight!.copy_(0.3 * randn(head.weight!.shape, generator: random)); // init.normal_ draws from the source that the process shares
            head.bias!.fill_(0.5);
        }
        using var optimizer = optim.Adam([.. network.parameters(), .. head.parameters()], PeakRate);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            Face[] faces = [.. Enumerable.Range(0, People * States).Select(i => Restated(((long)step * People) + (i % People), ((long)step * People * States) + i))];
            Tensor embedding = network.Embed(crop.Apply(Augmentation.Apply(world.Render(faces), choices, random, light: 0.3))); // [B, E]
            Tensor traits = FaceWorld.FactorsOf(faces).narrow(1, 0, Factors.IdentityCount);
            Tensor likeness = LikenessLoss(embedding, traits), reading = nn.functional.mse_loss(head.forward(embedding), traits);
            Tensor loss = likeness + (TraitWeight * reading);
            foreach (var group in optimizer.ParamGroups) group.LearningRate = rate.At(step);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            progress.Report(step, ("likeness", likeness.ToDouble()), ("traits", reading.ToDouble()));
            if ((step + 1) % 150 == 0 || step + 1 == steps) Checkpoint(network, crop, progress);
        }
    }

    /// <summary>
    /// Squared error of the cosines: for one person in two states against 1, for two people against a bell curve of their distance.
    /// </summary>
    private static Tensor LikenessLoss(Tensor embedding, Tensor traits)
    {
        Tensor first = embedding.narrow(0, 0, People), second = embedding.narrow(0, People, People);
        Tensor cosines = first.mm(second.t()); // [N, N]
        Tensor who = traits.narrow(0, 0, People); // [N, T]
        Tensor distances = (who.unsqueeze(0) - who.unsqueeze(1)).square().sum(2); // [N, N]
        Tensor errors = (cosines - (-distances / LikenessWidth).exp()).square();
        return errors.diagonal().mean() + ((errors.sum() - errors.diagonal().sum()) / (People * (People - 1)));
    }

    private void Checkpoint(IrSe network, FaceCrop crop, Progress progress)
    {
        using (StateDict weights = StateDict.From(network)) SafetensorsWriter.Write(options.PathOf(FileName), weights);
        network.eval();
        Describe(network, crop, progress);
        network.train();
    }

    /// <summary>Same person in two states and different persons, among a hundred who were not seen in training.</summary>
    private void Describe(IrSe network, FaceCrop crop, Progress progress)
    {
        const int strangers = 100;
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor Embed(int state) => cat([.. Enumerable.Range(0, 4).Select(part => network.Embed(crop.Apply(world.Render(
            [.. Enumerable.Range(part * 25, 25).Select(i => Restated(-1 - i, -1 - i - (state * strangers)))]))))]);
        Tensor cosines = Embed(0).mm(Embed(1).t()); // [100, 100]
        Tensor same = cosines.diagonal();
        double found = cosines.argmax(1).eq(arange(strangers)).to(ScalarType.Float32).mean().ToDouble();
        double different = (cosines.sum() - same.sum()).ToDouble() / (strangers * (strangers - 1));
        progress.Line(FormattableString.Invariant($"strangers: same person {same.mean().ToDouble():f3} +- {same.std().ToDouble():f3}, different {different:f3}, found among 100 {found:p0}"));
    }

    private Face Restated(long person, long state) =>
        world.FaceOf(Population.IdentityTraining, person).WithStateOf(world.FaceOf(Population.IdentityStates, state));
}
