using StyleClip.DemoWorld.Fitting;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Attributes;
using StyleClip.Models.Identity;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Stages;

/// <summary>Trains the network that judges edits. It shares nothing with the pack's CLIP.</summary>
internal sealed class AttributeStage(BuildOptions options, FaceWorld world)
{
    public const string FileName = "attributes.safetensors";

    private const int Batch = 64;
    private const double PeakRate = 3e-3;

    public static IrSeSpec SpecOf(int size) => new()
    {
        InputSize = size,
        EmbeddingDim = 96,
        StemStride = 2,
        Stages = [new(16, 32, 1, 2), new(32, 48, 2, 1), new(48, 64, 2), new(64, 96, 1)],
        SqueezeReduction = 8,
        Dropout = 0,
    };

    public void Run()
    {
        using var random = new Generator((ulong)options.Seed + 40, CPU);
        var choices = new SeededRandom(options.Seed, stream: 40);
        using var network = new AttributeNetwork(SpecOf(world.Size), MeasuredFactors.All.Length);
        ModuleInitialization.Apply(network, random);
        int steps = options.Steps(450);
        var progress = new Progress("attributes", steps, 50);
        var rate = new LearningRate(PeakRate, steps, 30);
        using Tensor measured = tensor(MeasuredFactors.All.Select(factor => (long)factor).ToArray());
        using var optimizer = optim.Adam(network.parameters(), PeakRate);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            FaceBatch faces = world.Batch(Population.AttributeTraining, (long)step * Batch, Batch);
            Tensor loss = nn.functional.mse_loss(network.Measure(Augmentation.Apply(faces.Images, choices, random)), faces.Factors.index_select(1, measured));
            foreach (var group in optimizer.ParamGroups) group.LearningRate = rate.At(step);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            progress.Report(step, ("loss", loss.ToDouble()));
        }
        network.Freeze();
        using (StateDict weights = StateDict.From(network)) SafetensorsWriter.Write(options.PathOf(FileName), weights);
        foreach ((string name, double explained, double percent) in ReadingQuality.OfDrawn(network, world, 0, ReadingQuality.HeldOutFaces).Rows())
            progress.Line(FormattableString.Invariant($"{name}: R2 {explained:f2}, agreement {percent:f1} %"));
    }
}
