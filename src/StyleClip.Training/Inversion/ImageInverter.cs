using StyleClip.Models;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Training.Latents;
using StyleClip.Training.Optim;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace StyleClip.Training.Inversion;

// L style layers, D style width, H W pixels

/// <summary>
/// Projects an image to W+ by optimisation from the mean latent: by pixels, and by identity and a perceptual distance where the pack has the
/// networks for them.
/// </summary>
public sealed class ImageInverter : IDisposable
{
    private const int DeviationSamples = 1024;
    private const double NoiseShare = 0.75;

    private readonly FrozenNetworks _networks;
    private readonly InversionOptions _options;
    private readonly IdentityLoss? _identityLoss;
    private readonly Tensor _target;
    private readonly Tensor? _targetIdentity;
    private readonly PerceptualLoss? _perceptualLoss;
    private readonly Tensor? _targetPerceptual;
    private readonly Parameter _wPlus;
    private readonly Adam _adam;
    private readonly LearningRateSchedule _schedule;
    private readonly double _deviation;
    private readonly ulong _noise;

    /// <summary>Starts at the mean latent.</summary>
    /// <param name="networks">The pack's networks; not owned.</param>
    /// <param name="target">The image, [1, 3, H, W] in [-1, 1], of the generator's size.</param>
    /// <param name="options">Steps, rate and weights.</param>
    public ImageInverter(FrozenNetworks networks, Tensor target, InversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Steps);
        int size = networks.Generator.Spec.Size;
        Shape.Require(target, nameof(target), 1, 3, size, size);
        (_networks, _options) = (networks, options);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _target = target.to(networks.MeanW.device).detach().clone().DetachFromDisposeScope();
        _identityLoss = options.LambdaId == 0 ? null : networks.IdentityLoss();
        _targetIdentity = _identityLoss?.Features(_target).DetachFromDisposeScope();
        _perceptualLoss = options.LambdaPerceptual == 0 ? null : networks.PerceptualLoss();
        _targetPerceptual = _perceptualLoss?.Features(_target).DetachFromDisposeScope();
        _wPlus = new Parameter(networks.Generator.Repeat(networks.MeanW.unsqueeze(0)).clone());
        _wPlus.DetachFromDisposeScope();
        _adam = new Adam([("latent", _wPlus)], new AdamOptions { LearningRate = options.LearningRate });
        _schedule = LearningRateSchedule.RiseAndFall(options.LearningRate, options.Steps);
        _deviation = Deviation();
        _noise = CounterRandom.Key(options.Seed, "inversion");
    }

    /// <summary>Updates made so far.</summary>
    public int StepsDone { get; private set; }

    /// <summary>The current latent, [1, L, D], owned here.</summary>
    public Tensor WPlus => _wPlus;

    /// <summary>One update.</summary>
    /// <exception cref="InvalidOperationException">All steps have been made.</exception>
    public InversionReport Step()
    {
        if (StepsDone == _options.Steps) throw new InvalidOperationException($"All {_options.Steps} steps have been made.");
        using DisposeScope scope = NewDisposeScope();
        double learningRate = _schedule.At(StepsDone);
        _adam.LearningRate = learningRate;
        Tensor image = _networks.Generator.Synthesize(_wPlus + Noise());
        Tensor pixels = (image - _target).square().mean();
        Tensor? identity = _identityLoss?.Loss(image, _targetIdentity!);
        Tensor total = pixels * _options.LambdaPixels;
        if (identity is not null) total += identity * _options.LambdaId;
        Tensor? perceptual = _perceptualLoss?.Loss(image, _targetPerceptual!);
        if (perceptual is not null) total += perceptual * _options.LambdaPerceptual;

        _wPlus.grad = null;
        total.backward();
        _adam.Step();
        return new InversionReport(StepsDone++, learningRate, pixels.ToDouble(), identity?.ToDouble(), perceptual?.ToDouble());
    }

    /// <summary>The image [1, 3, H, W] of the current latent.</summary>
    public Tensor Synthesize()
    {
        using IDisposable untracked = no_grad();
        return _networks.Generator.Synthesize(_wPlus);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adam.Dispose();
        _wPlus.Dispose();
        _target.Dispose();
        _targetIdentity?.Dispose();
        _targetPerceptual?.Dispose();
    }

    private Tensor Noise()
    {
        double share = Math.Max(0, 1 - (StepsDone / (NoiseShare * _options.Steps)));
        double strength = _options.Noise * _deviation * share * share;
        float[] values = new float[_wPlus.numel()];
        if (strength > 0) CounterRandom.Normal(CounterRandom.Bits(_noise, (ulong)StepsDone), values);
        return tensor(values, _wPlus.shape).to(_wPlus.device) * strength;
    }

    /// <summary>Root of the mean squared distance of w from its mean, per feature.</summary>
    private double Deviation()
    {
        int width = _networks.Generator.Spec.StyleDim;
        float[] z = new float[DeviationSamples * width];
        CounterRandom.Normal(CounterRandom.Key(0, "deviation"), z);
        Tensor w = _networks.Generator.MapToW(tensor(z, [DeviationSamples, width]).to(_networks.MeanW.device));
        return (w - _networks.MeanW).square().mean().sqrt().ToDouble();
    }
}
