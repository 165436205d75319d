using System.Diagnostics;
using System.Globalization;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Running.Display;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Training.Devices;
using StyleClip.Training.Inversion;
using StyleClip.Training.Pictures;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Inverting;

// N images, L style layers, D style width

/// <summary>Projects images to W+, one after the other, and writes their codes and a strip.</summary>
internal sealed class InvertSession(IReadOnlyList<string> images, InversionOptions options, string target, LocalDevice device)
{
    private const int MostStripFaces = 64;

    /// <summary>Computes until all is done or the token ends it; what there is then is written.</summary>
    /// <returns>What was done; null where the end came before the first step.</returns>
    /// <exception cref="InvalidDataException">An image cannot be inverted; the message says why. All are read before the first is.</exception>
    public Task<InvertDocument?> Run(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        return device.Invoke(networks => Compute(networks, cancellationToken), CancellationToken.None);
    }

    private InvertDocument? Compute(FrozenNetworks networks, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        InversionOptions applied = options with
        {
            LambdaId = networks.Identity is null ? 0 : options.LambdaId,
            LambdaPerceptual = networks.Perceptual is null ? 0 : options.LambdaPerceptual,
        };
        foreach (string image in images)
        {
            using Tensor readable = PictureFile.Read(image, networks.Generator.Spec.Size);
        }

        List<InvertResult> results = [];
        List<Tensor> codes = [];
        List<StripRow> before = [], after = [];
        foreach (string path in images)
        {
            if (cancellationToken.IsCancellationRequested) break;
            using DisposeScope one = NewDisposeScope();
            Tensor image = PictureFile.Read(path, networks.Generator.Spec.Size).to(networks.MeanW.device);
            using ImageInverter inverter = new(networks, image, applied);
            long begin = Stopwatch.GetTimestamp();
            Steps(inverter, path, applied.Steps, cancellationToken);
            if (inverter.StepsDone == 0) break;
            using IDisposable untracked = no_grad();
            Tensor found = inverter.Synthesize();
            results.Add(new InvertResult(path, inverter.StepsDone, Math.Round(Stopwatch.GetElapsedTime(begin).TotalSeconds, 3), InversionFit.Of(networks, image, found)));
            codes.Add(one.MoveToOuter(inverter.WPlus.detach().cpu().clone()));
            if (before.Count == MostStripFaces) continue;
            before.Add(BeforeAfterStrip.Row(image));
            after.Add(BeforeAfterStrip.Row(found));
        }

        return results.Count == 0 ? null : Write(networks, applied, results, codes, BeforeAfterStrip.Encode(BeforeAfterStrip.Join(before), BeforeAfterStrip.Join(after)));
    }

    private static void Steps(ImageInverter inverter, string path, int steps, CancellationToken cancellationToken)
    {
        StepBar bar = new(Path.GetFileName(path), steps);
        NativeMemory memory = new();
        while (inverter.StepsDone < steps && !cancellationToken.IsCancellationRequested)
        {
            InversionReport report = inverter.Step();
            if (!double.IsFinite(report.Pixels)) throw new InvalidDataException($"The loss is not finite after {report.Step} steps of {path}; a smaller --lr may help.");
            bar.Show(inverter.StepsDone, string.Create(CultureInfo.InvariantCulture, $"pixels {report.Pixels:0.00000}{(report.Identity is { } identity ? $", ID {identity:0.000}" : "")}{(report.Perceptual is { } perceptual ? $", VGG {perceptual:0}" : "")}"));
            memory.AfterStep();
        }
    }

    private InvertDocument Write(FrozenNetworks networks, InversionOptions applied, List<InvertResult> results, List<Tensor> codes, byte[] picture)
    {
        string strip = Path.ChangeExtension(target, ".png");
        SafetensorsWriter.Write(target, new Dictionary<string, Tensor> { [LatentCodes.Key] = cat(codes) });
        File.WriteAllBytes(strip, picture);
        return new InvertDocument
        {
            Pack = networks.Manifest.Name,
            DeviceKind = device.Kind,
            Options = applied,
            Terms = ["pixels", .. applied.LambdaId == 0 ? [] : new[] { "identity" }, .. applied.LambdaPerceptual == 0 ? [] : new[] { "perceptual" }],
            Interrupted = results.Count < images.Count || results[^1].Steps < applied.Steps,
            Latents = target,
            Strip = strip,
            Results = results,
        };
    }
}
