using System.Collections.Immutable;
using StyleClip.Models;
using StyleClip.Models.Losses;
using StyleClip.Training.Optim;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;
using Parameter = TorchSharp.Modules.Parameter;

namespace StyleClip.Training.LatentOptimization;

/// <summary>
/// Edits one image by optimising its latent code towards a text while staying near the start (StyleCLIP, section 4), in W+ or in
/// StyleSpace. In StyleSpace the ToRGB styles stay fixed.
/// </summary>
// B 1, L style layers, D style width, C channels of a layer, E CLIP features
public sealed class LatentOptimizer : ILatentOptimization
{
    private readonly Generator _generator;
    private readonly ClipLoss _clipLoss;
    private readonly IdentityLoss? _identityLoss;
    private readonly LatentOptimizationOptions _options;
    private readonly bool _styleSpace;
    private readonly ImmutableArray<Tensor> _start;
    private readonly ImmutableArray<Tensor> _latents; // Where trained, the tensor of a Parameter.
    private readonly ImmutableArray<Parameter> _trained;
    private readonly Adam _adam;
    private readonly LearningRateSchedule _schedule;
    private readonly Tensor _unitText;
    private readonly Tensor? _startIdentity;

    private LatentOptimizer(
        Generator generator, ClipLoss clipLoss, IdentityLoss? identityLoss, Tensor unitText,
        IReadOnlyList<Tensor> start, Func<int, bool> isTrained, bool styleSpace, LatentOptimizationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Steps);
        if (options.LambdaId != 0 && identityLoss is null)
            throw new ArgumentException("An identity weight other than 0 needs an identity loss.", nameof(identityLoss));
        (_generator, _clipLoss, _options, _styleSpace) = (generator, clipLoss, options, styleSpace);
        _identityLoss = options.LambdaId == 0 ? null : identityLoss;
        _unitText = unitText.detach().clone().DetachFromDisposeScope();
        _start = [.. start.Select(latent => latent.detach().clone().DetachFromDisposeScope())];
        List<Parameter> trained = [];
        List<Tensor> latents = [];
        for (int i = 0; i < _start.Length; i++)
        {
            if (!isTrained(i))
            {
                latents.Add(_start[i]);
                continue;
            }

            Parameter parameter = new(_start[i].clone());
            parameter.DetachFromDisposeScope();
            trained.Add(parameter);
            latents.Add(parameter);
        }

        _latents = [.. latents];
        _trained = [.. trained];
        _schedule = LearningRateSchedule.RiseAndFall(options.LearningRate, options.Steps);
        _adam = new Adam(
            _trained.Select((parameter, i) => ($"latent.{i}", parameter)), new AdamOptions { LearningRate = options.LearningRate });
        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        StartImage = Synthesize().DetachFromDisposeScope();
        _startIdentity = _identityLoss?.Features(StartImage).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StartImage { get; }

    /// <inheritdoc/>
    public int Steps => _options.Steps;

    /// <inheritdoc/>
    public int StepsDone { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Latents => _latents;

    /// <summary>Optimises in W+.</summary>
    /// <param name="generator">Frozen; not owned, as the losses.</param>
    /// <param name="clipLoss">Distance between image and text.</param>
    /// <param name="identityLoss">Needed where <see cref="LatentOptimizationOptions.LambdaId"/> is not 0.</param>
    /// <param name="unitText">[1, E], unit length.</param>
    /// <param name="wPlus">Where to start, [1, L, D]; not changed.</param>
    /// <param name="options">Steps, rate and weights.</param>
    public static LatentOptimizer InWPlus(
        Generator generator, ClipLoss clipLoss, IdentityLoss? identityLoss, Tensor unitText, Tensor wPlus, LatentOptimizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(options);
        Shape.Require(wPlus, nameof(wPlus), 1, generator.Spec.StyleLayers, generator.Spec.StyleDim);
        return new LatentOptimizer(generator, clipLoss, identityLoss, unitText, [wPlus], _ => true, styleSpace: false, options);
    }

    /// <summary>Optimises in StyleSpace, starting from the styles of a W+ code. Parameters as in <see cref="InWPlus"/>.</summary>
    public static LatentOptimizer InStyleSpace(
        Generator generator, ClipLoss clipLoss, IdentityLoss? identityLoss, Tensor unitText, Tensor wPlus, LatentOptimizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(options);
        Shape.Require(wPlus, nameof(wPlus), 1, generator.Spec.StyleLayers, generator.Spec.StyleDim);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        return FromStyles(generator, clipLoss, identityLoss, unitText, generator.Styles(wPlus), options);
    }

    /// <summary>Optimises in StyleSpace, starting from styles, one [1, C] per layer. Other parameters as in <see cref="InWPlus"/>.</summary>
    public static LatentOptimizer FromStyles(
        Generator generator, ClipLoss clipLoss, IdentityLoss? identityLoss, Tensor unitText, IReadOnlyList<Tensor> styles, LatentOptimizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(styles);
        ArgumentNullException.ThrowIfNull(options);
        if (styles.Count != generator.Spec.StyleWidths.Length)
            throw new ArgumentException($"{styles.Count} style vectors were given; the generator has {generator.Spec.StyleWidths.Length}.", nameof(styles));
        for (int layer = 0; layer < styles.Count; layer++) Shape.Require(styles[layer], $"{nameof(styles)}[{layer}]", 1, generator.Spec.StyleWidths[layer]);
        return new LatentOptimizer(
            generator, clipLoss, identityLoss, unitText, styles, layer => !generator.Spec.StyleIsToRgb[layer], styleSpace: true, options);
    }

    /// <inheritdoc/>
    public LatentOptimizationReport Step(out Tensor image)
    {
        if (StepsDone == _options.Steps) throw new InvalidOperationException($"All {_options.Steps} steps have been made.");
        using DisposeScope scope = NewDisposeScope();
        double learningRate = _schedule.At(StepsDone);
        _adam.LearningRate = learningRate;

        Tensor edited = Synthesize();
        LatentLosses losses = Losses(edited);

        foreach (Parameter parameter in _trained) parameter.grad = null;
        losses.Total.backward();
        double gradientNorm = LatentLosses.Norm(_trained.Select(parameter => parameter.grad!));
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
    public Tensor Synthesize() => _styleSpace ? _generator.SynthesizeFromStyles(_latents) : _generator.Synthesize(_latents[0]);

    private LatentLosses Losses(Tensor edited)
    {
        Tensor clip = _clipLoss.Loss(edited, _unitText);
        Tensor? identity = _identityLoss?.Loss(edited, _startIdentity!);
        Tensor l2 = SquaredDistance();
        Tensor total = clip + (l2 * _options.LambdaL2);
        if (identity is not null) total += identity * _options.LambdaId;
        return new LatentLosses(clip, identity, l2, Pixels: null, total);
    }

    private Tensor SquaredDistance()
    {
        Tensor sum = zeros([], device: _start[0].device);
        for (int i = 0; i < _latents.Length; i++)
        {
            if (!ReferenceEquals(_latents[i], _start[i])) sum += (_latents[i] - _start[i]).square().sum();
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adam.Dispose();
        foreach (Tensor tensor in _start.Concat(_trained)) tensor.Dispose();
        StartImage.Dispose();
        _startIdentity?.Dispose();
        _unitText.Dispose();
    }
}
