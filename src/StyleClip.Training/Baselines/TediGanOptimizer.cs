using StyleClip.Models;
using StyleClip.Models.Losses;
using StyleClip.Training.LatentOptimization;
using StyleClip.Training.Optim;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;
using Parameter = TorchSharp.Modules.Parameter;

namespace StyleClip.Training.Baselines;

// L style layers, D style width, E CLIP features, H W pixels

/// <summary>
/// TediGAN's optimisation of one latent towards a text on the shared generator: it rebuilds the edited image's pixels and the text at once.
/// The published loss has a fourth term, 5e-5 times a distance of VGG16 features; it is left out where the pack has no such network.
/// </summary>
public sealed class TediGanOptimizer : ILatentOptimization
{
    private readonly Generator _generator;
    private readonly ClipLoss _clipLoss;
    private readonly PerceptualLoss? _perceptualLoss;
    private readonly TediGanOptions _options;
    private readonly Tensor _unitText;
    private readonly Tensor _start;
    private readonly Tensor? _startPerceptual;
    private readonly Parameter _latent;
    private readonly Adam _adam;
    private readonly LearningRateSchedule _schedule;

    /// <summary>Renders the image that is edited and goes to the start.</summary>
    /// <param name="generator">Frozen; not owned, as the loss.</param>
    /// <param name="clipLoss">Distance between image and text.</param>
    /// <param name="unitText">[1, E], unit length.</param>
    /// <param name="wPlus">The code of the image that is edited, [1, L, D].</param>
    /// <param name="meanW">The mean latent, [D].</param>
    /// <param name="options">Steps, rate, weights and start.</param>
    /// <param name="perceptualLoss">How differently images look; null to leave the term out.</param>
    public TediGanOptimizer(
        Generator generator, ClipLoss clipLoss, Tensor unitText, Tensor wPlus, Tensor meanW, TediGanOptions options, PerceptualLoss? perceptualLoss = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(unitText);
        ArgumentNullException.ThrowIfNull(meanW);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Steps);
        Shape.Require(wPlus, nameof(wPlus), 1, generator.Spec.StyleLayers, generator.Spec.StyleDim);
        (_generator, _clipLoss, _options) = (generator, clipLoss, options);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _unitText = unitText.detach().clone().DetachFromDisposeScope();
        StartImage = generator.Synthesize(wPlus).DetachFromDisposeScope();
        _perceptualLoss = options.LambdaPerceptual == 0 ? null : perceptualLoss;
        _startPerceptual = _perceptualLoss?.Features(StartImage).DetachFromDisposeScope();
        _start = (options.Start == TediGanStart.Code ? wPlus.detach() : generator.Repeat(meanW.unsqueeze(0))).clone().DetachFromDisposeScope();
        _latent = new Parameter(_start.clone());
        _latent.DetachFromDisposeScope();
        _adam = new Adam([("latent", _latent)], new AdamOptions { LearningRate = options.LearningRate });
        _schedule = LearningRateSchedule.RiseAndFall(options.LearningRate, options.Steps);
    }

    /// <inheritdoc/>
    public Tensor StartImage { get; }

    /// <inheritdoc/>
    public int Steps => _options.Steps;

    /// <inheritdoc/>
    public int StepsDone { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Latents => [_latent];

    /// <inheritdoc/>
    public LatentOptimizationReport Step(out Tensor image)
    {
        if (StepsDone == Steps) throw new InvalidOperationException($"All {Steps} steps have been made.");
        using DisposeScope scope = NewDisposeScope();
        double learningRate = _schedule.At(StepsDone);
        _adam.LearningRate = learningRate;

        Tensor edited = Synthesize();
        LatentLosses losses = Losses(edited);

        _latent.grad = null;
        losses.Total.backward();
        double gradientNorm = LatentLosses.Norm([_latent.grad!]);
        _adam.Step();

        image = edited.detach().clone().MoveToOuterDisposeScope();
        return losses.Report(StepsDone++, learningRate, gradientNorm);
    }

    /// <inheritdoc/>
    public LatentOptimizationReport Measure(Tensor image)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        return Losses(image).Report(StepsDone, _adam.LearningRate, gradientNorm: null);
    }

    /// <inheritdoc/>
    public Tensor Synthesize() => _generator.Synthesize(_latent);

    private LatentLosses Losses(Tensor edited)
    {
        Tensor pixels = (edited - StartImage).square().mean();
        Tensor distance = (_latent - _start).square().mean();
        Tensor clip = _clipLoss.Loss(edited, _unitText);
        Tensor total = (pixels * _options.LambdaPixels) + (distance * _options.LambdaLatent) + (clip * _options.LambdaClip);
        Tensor? perceptual = _perceptualLoss?.Loss(edited, _startPerceptual!);
        if (perceptual is not null) total += perceptual * _options.LambdaPerceptual;
        return new LatentLosses(clip, Identity: null, distance, pixels, total, perceptual);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adam.Dispose();
        _latent.Dispose();
        _start.Dispose();
        _unitText.Dispose();
        StartImage.Dispose();
        _startPerceptual?.Dispose();
    }
}
