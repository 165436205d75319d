using System.Globalization;
using System.Text.RegularExpressions;
using StyleClip.Training.Optim;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace StyleClip.Parity.Families;

/// <summary>ranger: the optimisers alone on a small regression, and the learning rate of the latent optimisation.</summary>
public sealed partial class RangerFamily : IParityFamily
{
    private const string WeightsAfter = "/W_after_step";

    public string Name => "optimisers";

    public bool Recognizes(ReferenceFile file) => file.IsSafetensors && file.Name.StartsWith("ranger", StringComparison.Ordinal);

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        Inputs inputs = new(file.Set.Prefix, "input/ranger");
        foreach (string name in comparison.Names.Where(name => name.EndsWith(WeightsAfter, StringComparison.Ordinal)).ToArray())
        {
            using DisposeScope scope = NewDisposeScope();
            Regression(comparison, name[..^WeightsAfter.Length], inputs);
        }

        foreach (string name in comparison.Names.Where(name => Schedule().IsMatch(name)).ToArray())
        {
            Match setting = Schedule().Match(name);
            int steps = int.Parse(setting.Groups["steps"].Value, CultureInfo.InvariantCulture);
            LearningRateSchedule schedule = LearningRateSchedule.RiseAndFall(Number(setting.Groups["rate"].Value), steps);
            comparison.Compare(name, tensor([.. Enumerable.Range(0, steps).Select(step => schedule.At(step))], dtype: ScalarType.Float64));
        }

        comparison.Finish();
    }

    private static void Regression(SafetensorsComparison comparison, string setting, Inputs inputs)
    {
        long[] shape = comparison.Recorded(setting + WeightsAfter).shape; // [steps, rows, columns]
        using Parameter weights = new(inputs.Uniform("W0", shape.AsSpan(1)));
        using Parameter bias = new(inputs.Uniform("b0", shape[2]));
        Tensor a = inputs.Uniform("A", 5, shape[1]), y = inputs.Uniform("Y", 5, shape[2]);
        using IMapperOptimizer optimizer = OptimizerOf(setting, [("W", weights), ("b", bias)]);

        List<Tensor> losses = [], weightsAfter = [], biasAfter = [];
        for (int step = 0; step < shape[0]; step++)
        {
            weights.grad = null;
            bias.grad = null;
            Tensor loss = (a.mm(weights) + bias - y).square().mean();
            loss.backward();
            optimizer.Step();
            losses.Add(loss.detach());
            weightsAfter.Add(weights.detach().clone());
            biasAfter.Add(bias.detach().clone());
        }

        comparison.Compare(setting + WeightsAfter, stack(weightsAfter));
        if (comparison.Has(setting + "/b_after_step")) comparison.Compare(setting + "/b_after_step", stack(biasAfter));
        if (comparison.Has(setting + "/loss_before_step")) comparison.Compare(setting + "/loss_before_step", stack(losses));
    }

    // Such as lr0.1_k3_alpha0.8_betas0.9_0.99, lr0.1_wd0.01, lr0.1_nogc or torch_adam_lr0.1. The original has a switch against gradient
    // centralisation but ignores it, so nogc changes nothing.
    private static IMapperOptimizer OptimizerOf(string setting, IEnumerable<(string, Parameter)> parameters)
    {
        Match match = OptimizerSetting().Match(setting);
        if (!match.Success) throw new InvalidDataException($"'{setting}' names no setting of an optimiser.");
        double? Value(string group) => match.Groups[group].Success ? Number(match.Groups[group].Value) : null;
        double learningRate = Value("lr")!.Value;
        if (match.Groups["adam"].Success) return new Adam(parameters, new AdamOptions { LearningRate = learningRate });
        RangerOptions published = new();
        return new Ranger(parameters, published with
        {
            LearningRate = learningRate,
            WeightDecay = Value("wd") ?? published.WeightDecay,
            LookAheadSteps = (int?)Value("k") ?? published.LookAheadSteps,
            LookAheadAlpha = Value("alpha") ?? published.LookAheadAlpha,
            Beta1 = Value("beta1") ?? published.Beta1,
            Beta2 = Value("beta2") ?? published.Beta2,
        });
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<adam>torch_adam_)?lr(?<lr>[0-9.e+-]+)(_wd(?<wd>[0-9.e-]+))?(_nogc)?(_k(?<k>\d+))?(_alpha(?<alpha>[0-9.]+))?(_betas(?<beta1>[0-9.]+)_(?<beta2>[0-9.]+))?$")]
    private static partial Regex OptimizerSetting();

    [GeneratedRegex(@"^latent_optimisation_lr/steps(?<steps>\d+)_lr(?<rate>[0-9.e-]+)$")]
    private static partial Regex Schedule();
}
