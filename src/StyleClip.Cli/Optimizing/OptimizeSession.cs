using System.Diagnostics;
using System.Globalization;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Running.Display;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Training.Baselines;
using StyleClip.Training.Devices;
using StyleClip.Training.Edits;
using StyleClip.Training.LatentOptimization;
using StyleClip.Training.Pictures;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Optimizing;

// N latents, L style layers, D style width, C width of a style vector

/// <summary>Optimises latents towards a text, one after the other, and writes what came of it.</summary>
internal sealed class OptimizeSession(OptimizeRequest request, LocalDevice device)
{
    private const int MostStripFaces = 64;

    /// <summary>Colab's weight of the identity loss; the published code's default is 0.</summary>
    private const double PublishedLambdaId = 0.005;

    /// <summary>Computes until all is done or the token ends it; what there is then is written.</summary>
    /// <returns>What was done; null where the end came before the first step.</returns>
    /// <exception cref="InvalidDataException">What is asked for cannot be computed; the message says why.</exception>
    public async Task<OptimizeDocument?> Run(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(request.Folder);
        OptimizeDocument? document = await device.Invoke(networks => Compute(networks, cancellationToken), CancellationToken.None);
        if (document is not null)
            await File.WriteAllBytesAsync(Path.Combine(request.Folder, "result.json"), ContractJson.ToBytes(document), CancellationToken.None);
        return document;
    }

    private OptimizeDocument? Compute(FrozenNetworks networks, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        ClipInput input = request.ClipInput ?? networks.Manifest.ClipInput;
        ClipLoss clip = networks.ClipLoss(input);
        bool isTediGan = request.Method == OptimizeMethod.TediGan;
        LatentOptimizationOptions? options = isTediGan ? null : Options(networks);
        TediGanOptions? tediGan = isTediGan ? TediGan() : null;
        (Tensor text, ImageCodes starts) = Prepare(networks, clip);
        List<OptimizeResult> results = [];
        List<Tensor[]> latents = [];
        List<StripRow> before = [], after = [];
        int count = starts.Count;
        for (int i = 0; i < count && !cancellationToken.IsCancellationRequested; i++)
        {
            using DisposeScope one = NewDisposeScope();
            ImageCodes start = starts.Slice(i, 1);
            using ILatentOptimization optimization = tediGan is null
                ? Start(networks, clip, text, start, options!)
                : new TediGanOptimizer(networks.Generator, clip, text, start.WPlus!, networks.MeanW, tediGan, networks.PerceptualLoss());
            long begin = Stopwatch.GetTimestamp();
            List<LatentOptimizationReport> losses = Steps(optimization, string.Create(CultureInfo.InvariantCulture, $"latent {i + 1} of {count}"), cancellationToken);
            if (losses.Count == 0) break;
            using IDisposable untracked = no_grad();
            Tensor edited = optimization.Synthesize();
            results.Add(Measure(networks, clip, text, optimization.StartImage, edited, losses, Stopwatch.GetElapsedTime(begin)));
            latents.Add([.. optimization.Latents.Select(latent => one.MoveToOuter(latent.detach().cpu().clone()))]);
            Write(i, "before", optimization.StartImage, before);
            Write(i, "after", edited, after);
        }

        return results.Count == 0 ? null : new OptimizeDocument
        {
            Pack = networks.Manifest.Name,
            DeviceKind = device.Kind,
            Prompt = request.Prompt,
            Method = request.Method,
            Mode = request.Mode,
            Space = request.Space,
            ClipInput = input,
            Options = options,
            TediGan = tediGan,
            Interrupted = results.Count < count || results[^1].Steps < (options?.Steps ?? tediGan!.Steps),
            Latents = WriteLatents(latents),
            Strip = WriteStrip(before, after),
            Results = results,
        };
    }

    private LatentOptimizationOptions Options(FrozenNetworks networks)
    {
        LatentOptimizationOptions published = new();
        if (request.LambdaId is not null and not 0 && networks.Identity is null)
            throw new InvalidDataException($"--lambda-id is {request.LambdaId}; pack {networks.Manifest.Name} has no identity network.");
        bool isFree = request.Mode == OptimizeMode.Free;
        return published with
        {
            Steps = request.Steps ?? published.Steps,
            LearningRate = request.LearningRate,
            LambdaL2 = isFree ? 0 : request.LambdaL2 ?? published.LambdaL2,
            LambdaId = isFree || networks.Identity is null ? 0 : request.LambdaId ?? PublishedLambdaId,
        };
    }

    private TediGanOptions TediGan()
    {
        TediGanOptions published = new() { Start = request.Start, LearningRate = request.LearningRate };
        return published with { Steps = request.Steps ?? published.Steps };
    }

    /// <summary>The text, [1, E], and where to start: in W+, unless the method works in style space.</summary>
    private (Tensor Text, ImageCodes Starts) Prepare(FrozenNetworks networks, ClipLoss clip)
    {
        using IDisposable untracked = no_grad();
        ImageCodes starts = request.Latents?.Codes(networks) ?? ImageCodes.InWPlus(networks.Generator, networks.Generator.Repeat(networks.MeanW.unsqueeze(0)));
        if (starts.WPlus is null && request.Method == OptimizeMethod.TediGan)
            throw new InvalidDataException($"{request.Latents!.File} has codes in style space; --method tedigan works in W+ and needs codes in W or W+.");
        if (starts.WPlus is null && request.Space == OptimizeSpace.WPlus)
            throw new InvalidDataException($"{request.Latents!.File} has codes in style space; --space wplus needs codes in W or W+. Give --space s.");
        return (clip.EmbedText(networks.Tokenize(request.Prompt)), starts);
    }

    private LatentOptimizer Start(FrozenNetworks networks, ClipLoss clip, Tensor text, ImageCodes start, LatentOptimizationOptions options)
    {
        if (request.Space == OptimizeSpace.WPlus) return LatentOptimizer.InWPlus(networks.Generator, clip, networks.IdentityLoss(), text, start.WPlus!, options);
        using IDisposable untracked = no_grad();
        return LatentOptimizer.FromStyles(networks.Generator, clip, networks.IdentityLoss(), text, start.Styles(), options);
    }

    private static List<LatentOptimizationReport> Steps(ILatentOptimization optimization, string what, CancellationToken cancellationToken)
    {
        List<LatentOptimizationReport> losses = [];
        StepBar bar = new(what, optimization.Steps);
        NativeMemory memory = new();
        while (optimization.StepsDone < optimization.Steps && !cancellationToken.IsCancellationRequested)
        {
            using DisposeScope step = NewDisposeScope();
            LatentOptimizationReport report = optimization.Step(out _);
            if (!report.IsFinite) throw new InvalidDataException($"The loss is not finite after {report.Step} steps of {what}; a smaller --lr may help.");
            losses.Add(report);
            bar.Show(optimization.StepsDone, string.Create(CultureInfo.InvariantCulture, $"CLIP {report.Clip:0.000}{(report.Identity is { } identity ? $", ID {identity:0.000}" : "")}, L2 {report.L2:0.00}{(report.Pixels is { } pixels ? $", pixels {pixels:0.0000}" : "")}{(report.Perceptual is { } perceptual ? $", VGG {perceptual:0}" : "")}"));
            memory.AfterStep();
        }

        return losses;
    }

    private static OptimizeResult Measure(
        FrozenNetworks networks, ClipLoss clip, Tensor text, Tensor source, Tensor edited, List<LatentOptimizationReport> losses, TimeSpan spent)
    {
        using DisposeScope scope = NewDisposeScope();
        IdentityLoss? identity = networks.IdentityLoss();
        return new OptimizeResult
        {
            Steps = losses.Count,
            Seconds = Math.Round(spent.TotalSeconds, 3),
            SourceSimilarity = Cosine(clip.EmbedImage(source), text),
            EditedSimilarity = Cosine(clip.EmbedImage(edited), text),
            IdentitySimilarity = identity is null ? null : Cosine(identity.Features(edited), identity.Features(source)),
            Losses = losses,
        };

        static double Cosine(Tensor one, Tensor other) => (one * other).sum().ToDouble();
    }

    private void Write(int index, string what, Tensor image, List<StripRow> row)
    {
        File.WriteAllBytes(Path.Combine(request.Folder, string.Create(CultureInfo.InvariantCulture, $"{index:0000}-{what}.png")), PngPicture.Encode(image));
        if (row.Count < MostStripFaces) row.Add(BeforeAfterStrip.Row(image));
    }

    private string WriteStrip(List<StripRow> before, List<StripRow> after)
    {
        string path = Path.Combine(request.Folder, "strip.png");
        File.WriteAllBytes(path, BeforeAfterStrip.Encode(BeforeAfterStrip.Join(before), BeforeAfterStrip.Join(after)));
        return path;
    }

    private string WriteLatents(List<Tensor[]> latents)
    {
        string path = Path.Combine(request.Folder, "latents.safetensors");
        Tensor[] joined = [.. Enumerable.Range(0, latents[0].Length).Select(part => cat([.. latents.Select(each => each[part])]))];
        SafetensorsWriter.Write(path, joined.Length == 1
            ? new Dictionary<string, Tensor> { [LatentCodes.Key] = joined[0] }
            : joined.Select((tensor, i) => (tensor, i)).ToDictionary(pair => string.Create(CultureInfo.InvariantCulture, $"style.{pair.i}"), pair => pair.tensor));
        return path;
    }
}
