using StyleClip.DemoWorld.Fitting;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Stages;

/// <summary>Trains the network that judges mappers. It is kept with the tests and is no part of a pack.</summary>
internal sealed class MeasuringStage(BuildOptions options, FaceWorld world)
{
    public const string FileName = "measuring.safetensors";

    private const int Batch = 64;
    private const double PeakRate = 3e-3;

    public void Run(string keptFile)
    {
        using var random = new Generator((ulong)options.Seed + 40, CPU);
        var choices = new SeededRandom(options.Seed, stream: 40);
        using var network = new MeasuringNetwork(world.Size);
        ModuleInitialization.Apply(network, random);
        int steps = options.Steps(450);
        var progress = new Progress("measuring", steps, 50);
        var rate = new LearningRate(PeakRate, steps, 30);
        using Tensor measured = Indices();
        using var optimizer = optim.Adam(network.parameters(), PeakRate);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            FaceBatch faces = world.Batch(Population.MeasuringTraining, (long)step * Batch, Batch);
            Tensor loss = nn.functional.mse_loss(network.Read(Augmentation.Apply(faces.Images, choices, random)), faces.Factors.index_select(1, measured));
            foreach (var group in optimizer.ParamGroups) group.LearningRate = rate.At(step);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            progress.Report(step, ("loss", loss.ToDouble()));
        }
        network.Freeze();
        using (StateDict weights = StateDict.From(network)) SafetensorsWriter.Write(options.PathOf(FileName), weights);
        string directory = Path.GetDirectoryName(Path.GetFullPath(keptFile))!;
        Directory.CreateDirectory(directory);
        new PackStage(options, world).Store(FileName, directory);
        Describe(network, measured, progress);
    }

    private static Tensor Indices()
    {
        var indices = new long[MeasuringNetwork.Measured.Length];
        for (int i = 0; i < indices.Length; i++) indices[i] = (long)MeasuringNetwork.Measured[i];
        return tensor(indices);
    }

    private void Describe(MeasuringNetwork network, Tensor measured, Progress progress)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        FaceBatch[] parts = [.. Enumerable.Range(0, 10).Select(i => world.Batch(Population.HeldOut, i * 50, 50))];
        Tensor truth = cat([.. parts.Select(part => part.Factors)]).index_select(1, measured);
        Tensor error = (cat([.. parts.Select(part => network.Read(part.Images))]) - truth).square().mean([0]);
        Tensor explained = 1 - (error / truth.var(0));
        var lines = new List<string>();
        for (int i = 0; i < MeasuringNetwork.Measured.Length; i++) lines.Add(FormattableString.Invariant($"{MeasuringNetwork.Measured[i]} {explained[i].ToDouble():f2}"));
        progress.Line("R2 " + string.Join(", ", lines));
    }
}
