using System.Collections.Immutable;
using StyleClip.DemoWorld.Fitting;
using StyleClip.DemoWorld.World;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.DemoWorld.Stages;

// B batch, Z latent width, K factors
/// <summary>
/// Fits a StyleGAN2 generator to the renderer by regression: the same z must give the same picture. First the mapping network alone
/// learns to lay the factors out linearly in W, which is what makes edits in W possible; then the synthesis network grows from 16 to
/// 64 pixels.
/// </summary>
internal sealed class GeneratorStage(BuildOptions options, FaceWorld world)
{
    public const string FileName = "generator.safetensors";

    /// <summary>Layers that map z to w.</summary>
    public const int MappingLayers = 4;

    private const int MappingBatch = 512;
    private const double GradientWeight = 0.5, LowerImageWeight = 0.15, HeadWeight = 0.02;

    // The equalised weights want a rate ten times the customary one: at 3e-3 the same budget ends 6 dB lower.
    private const double SynthesisRate = 3e-2, MappingRate = 1e-3;

    // Mapping weights are stored with a standard deviation of 100 (multiplier 0.01), so a step of the effective weight is this much smaller.
    private static readonly double MappingRateFactor = Math.Sqrt(LatentFactorMap.LatentSize) / 0.01;

    public static GeneratorSpec SpecOf(int size)
    {
        int[] channels = [128, 128, 64, 48, 32];
        return new()
        {
            Size = size,
            StyleDim = LatentFactorMap.LatentSize,
            MappingLayers = MappingLayers,
            Channels = channels.Select((count, i) => KeyValuePair.Create(4 << i, count)).Where(pair => pair.Key <= size).ToImmutableSortedDictionary(),
        };
    }

    public void Run()
    {
        using var random = new torch.Generator((ulong)options.Seed + 10, CPU);
        using var generator = new Generator(SpecOf(world.Size));
        using var averaged = new Generator(SpecOf(world.Size));
        using Linear head = nn.Linear(LatentFactorMap.LatentSize, Factors.Count);
        generator.Initialize(random);
        averaged.Initialize(random);
        using (no_grad())
        {
            head.weight!.copy_(0.05 * randn(head.weight!.shape, generator: random)); // init.normal_ draws from the source that the process shares
            head.bias!.zero_();
            foreach ((string name, Tensor buffer) in generator.named_buffers().Concat(averaged.named_buffers()))
            {
                if (name.Contains("noise_", StringComparison.Ordinal)) buffer.zero_();
            }
        }
        var average = new MovingAverage<Generator>(generator, averaged, decay: 0.995);
        (Tensor mean, Tensor deviation) = FactorStatistics();
        FitMapping(generator, head, mean, deviation);
        FitSynthesis(generator, head, average, mean, deviation);
        mean.Dispose();
        deviation.Dispose();
    }

    private (Tensor Mean, Tensor Deviation) FactorStatistics()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor factors = FaceWorld.FactorsOf([.. Enumerable.Range(0, 4096).Select(i => world.FaceOf(Population.MappingTraining, i))]); // [4096, K]
        return (factors.mean([0]).DetachFromDisposeScope(), factors.std(0).DetachFromDisposeScope());
    }

    private void FitMapping(Generator generator, Linear head, Tensor mean, Tensor deviation)
    {
        int steps = options.Steps(4000);
        var progress = new Progress("mapping", steps, 500);
        var rate = new LearningRate(3e-3, steps, 50, 0.2);
        using var optimizer = new MappingOptimizer(generator, head, MappingRateFactor);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            long first = (long)step * MappingBatch;
            Face[] faces = [.. Enumerable.Range(0, MappingBatch).Select(i => world.FaceOf(Population.MappingTraining, first + i))];
            Tensor target = (FaceWorld.FactorsOf(faces) - mean) / deviation;
            Tensor w = generator.MapToW(world.Latents(Population.MappingTraining, first, MappingBatch));
            Tensor loss = nn.functional.mse_loss(head.forward(w), target);
            optimizer.Step(loss, rate.At(step));
            progress.Report(step, ("unexplained", loss.ToDouble()));
        }
    }

    private void FitSynthesis(Generator generator, Linear head, MovingAverage<Generator> average, Tensor mean, Tensor deviation)
    {
        (int Size, int Batch, int Steps)[] phases = [.. ((int, int, int)[])[(16, 32, 1200), (32, 16, 1800), (64, 16, 4000)]];
        phases = [.. phases.Where(phase => phase.Size <= world.Size).Select(phase => (phase.Size, phase.Batch, options.Steps(phase.Steps)))];
        int total = phases.Sum(phase => phase.Steps), done = 0;
        var progress = new Progress("generator", total, 200);
        var rate = new LearningRate(SynthesisRate, total, 50, 0.3);
        long next = 0;
        using var mapping = new MappingOptimizer(generator, head, MappingRateFactor);
        Parameter[] weights = [.. generator.named_parameters().Where(pair => IsSynthesisWeight(pair.name)).Select(pair => pair.parameter)];
        using var synthesis = optim.Adam(weights, SynthesisRate, 0.9, 0.99);
        average.Reset();
        foreach ((int size, int batch, int steps) in phases)
        {
            for (int step = 0; step < steps; step++, done++)
            {
                using DisposeScope scope = NewDisposeScope();
                FaceBatch faces = world.Batch(Population.GeneratorTraining, next, batch);
                next += batch;
                Tensor w = generator.MapToW(faces.Latents);
                Tensor[] images = generator.SynthesizePyramid(generator.Repeat(w), size);
                Tensor picture = PictureLoss(images, faces.Images);
                Tensor layout = nn.functional.mse_loss(head.forward(w), (faces.Factors - mean) / deviation);
                double share = rate.At(done) / SynthesisRate;
                foreach (var group in synthesis.ParamGroups) group.LearningRate = SynthesisRate * share;
                synthesis.zero_grad();
                mapping.Step(picture + HeadWeight * layout, MappingRate * share);
                synthesis.step();
                average.Update();
                progress.Report(done, ("layout", layout.ToDouble()), ("loss", picture.ToDouble()));
                if ((done + 1) % 1000 == 0 || done + 1 == total) Checkpoint(average.Average, size, progress);
            }
        }
    }

    private static bool IsSynthesisWeight(string name) =>
        !name.StartsWith("style.", StringComparison.Ordinal) && !name.Contains("noise", StringComparison.Ordinal);

    /// <summary>Mean difference of pixels and of their neighbours' differences, at the highest resolution and, lightly, below it.</summary>
    private static Tensor PictureLoss(Tensor[] images, Tensor target)
    {
        Tensor? sum = null;
        for (int i = 0; i < images.Length; i++)
        {
            long size = images[i].shape[2];
            bool last = i == images.Length - 1;
            if (size < 8) continue;
            Tensor goal = size == target.shape[2] ? target : nn.functional.avg_pool2d(target, target.shape[2] / size);
            Tensor difference = images[i] - goal;
            Tensor across = difference.narrow(3, 1, size - 1) - difference.narrow(3, 0, size - 1);
            Tensor down = difference.narrow(2, 1, size - 1) - difference.narrow(2, 0, size - 1);
            Tensor loss = (last ? 1 : LowerImageWeight) * (difference.abs().mean() + GradientWeight * (across.abs().mean() + down.abs().mean()));
            sum = sum is null ? loss : sum + loss;
        }
        return sum!;
    }

    private void Checkpoint(Generator generator, int size, Progress progress)
    {
        using (StateDict weights = StateDict.From(generator)) SafetensorsWriter.Write(options.PathOf(FileName), weights);
        progress.Line($"held out: {HeldOutDecibels(generator, size):f2} dB at {size} px");
    }

    /// <summary>Peak signal-to-noise ratio on 256 unseen faces, for pixels from -1 to 1.</summary>
    private double HeldOutDecibels(Generator generator, int size)
    {
        using IDisposable untracked = no_grad();
        double sum = 0;
        const int batches = 16, batch = 16;
        for (int i = 0; i < batches; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            FaceBatch faces = world.Batch(Population.HeldOut, i * batch, batch);
            Tensor image = generator.SynthesizePyramid(generator.Repeat(generator.MapToW(faces.Latents)), size)[^1];
            Tensor goal = nn.functional.avg_pool2d(faces.Images, world.Size / size);
            sum += (image.clamp(-1, 1) - goal).square().mean().ToDouble();
        }
        return 10 * Math.Log10(4 / (sum / batches));
    }

    /// <summary>Adam on the mapping network and its throw-away head, with rates on the effective weights.</summary>
    private sealed class MappingOptimizer : IDisposable
    {
        private readonly (optim.Optimizer Optimizer, double Factor)[] _parts;

        public MappingOptimizer(Generator generator, Linear head, double weightFactor)
        {
            Parameter[] All(string ending) => [.. generator.named_parameters()
                .Where(pair => pair.name.StartsWith("style.", StringComparison.Ordinal) && pair.name.EndsWith(ending, StringComparison.Ordinal))
                .Select(pair => pair.parameter)];
            _parts =
            [
                (optim.Adam(All("weight"), 1, 0.9, 0.99, eps: 1e-12), weightFactor),
                (optim.Adam(All("bias"), 1, 0.9, 0.99, eps: 1e-12), 100),
                (optim.Adam(head.parameters(), 1, 0.9, 0.99), 1),
            ];
        }

        public void Step(Tensor loss, double rate)
        {
            foreach ((optim.Optimizer optimizer, double factor) in _parts)
            {
                foreach (var group in optimizer.ParamGroups) group.LearningRate = rate * factor;
                optimizer.zero_grad();
            }
            loss.backward();
            foreach ((optim.Optimizer optimizer, _) in _parts) optimizer.step();
        }

        public void Dispose()
        {
            foreach ((optim.Optimizer optimizer, _) in _parts) optimizer.Dispose();
        }
    }
}
