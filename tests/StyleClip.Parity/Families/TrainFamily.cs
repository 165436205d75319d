using System.Text.Json;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.Losses;
using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using StyleClip.Reference;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using StyleClip.Training.Optim;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;
using Parameter = TorchSharp.Modules.Parameter;

namespace StyleClip.Parity.Families;

/// <summary>train_*: some steps of the original training program with its losses and Ranger, on one batch.</summary>
public sealed class TrainFamily : IParityFamily
{
    private const double EditStrength = 0.1; // as published

    private const double ValueAllowance = 1e-5; // Where a file has float32 figures only.

    // One value near 0 that falls to the other side of a leaky ReLU at a low resolution changes a gradient by about 1e-3, in the original
    // as here: a matter of luck, which the recorded error of one run does not bound. Run in float64, this code gives the recorded
    // float64 gradients to 7e-8.
    private const double GradientAllowance = 2e-3;

    public string Name => "train";

    public bool Recognizes(ReferenceFile file) => file.IsSafetensors
        && file.Name.StartsWith("train_", StringComparison.Ordinal)
        && file.Has("opts", "param_names", "loss_columns", "steps_f32");

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        TrainSettings settings = TrainSettings.Of(file);
        GeneratorSpec spec = GeneratorSpec.ConfigF(settings.Size);
        using Generator generator = FormulaNetworks.Generator(file.Set.Prefix, spec);
        using ClipModel clip = FormulaNetworks.Clip(file.Set.Prefix, ClipSpec.VitB32);
        using IrSe network = FormulaNetworks.IrSe50(file.Set.Prefix);
        Mapper mapper = CoachNetworks.MapperOf(settings.ParameterNames, spec);
        FormulaWeights.Fill(mapper, file.Set.Prefix, WeightFamily.Mapper);
        report.Matched("param_names", mapper.named_parameters().Select(entry => entry.name).SequenceEqual(settings.ParameterNames), "in the recorded order");

        ClipLoss clipLoss = new(clip, ClipInput.Raw, new AreaResize());
        IdentityLoss identityLoss = new(network, FaceCrop.Published);
        using WPlusEdit edit = new(mapper, generator, EditStrength); // owns the mapper
        using PromptTarget target = PromptTarget.Of(
            clipLoss, words => tensor(ClipTokenizer.Shared.Tokenize(words)).unsqueeze(0), settings.Description, neutral: null);
        MapperStep step = new(edit, settings.Loss, clipLoss, identityLoss, target);
        Tensor wPlus = new Inputs(file.Set.Prefix, $"input/train{settings.Size}").Latent("wplus", comparison.Recorded("w_hat_step1").shape);
        LatentBatch batch = FirstImages(comparison, edit, clipLoss, identityLoss, wPlus);
        Train(comparison, settings, step, batch, edit.Parameters);
        comparison.Finish();
    }

    // The source images do not change, so they and their features are made once.
    private static LatentBatch FirstImages(
        SafetensorsComparison comparison, WPlusEdit edit, ClipLoss clipLoss, IdentityLoss identityLoss, Tensor wPlus)
    {
        using IDisposable frozen = no_grad();
        Tensor source = edit.SynthesizeSource(wPlus);
        EditedLatents latents = edit.Apply(wPlus);
        comparison.Compare("w_hat_step1", latents.Edited[0], ValueAllowance);
        comparison.Compare("x_area_to64_step1", AreaTo64(source), ValueAllowance);
        comparison.Compare("x_hat_area_to64_step1", AreaTo64(edit.Synthesize(latents)), ValueAllowance);
        return new LatentBatch(wPlus, clipLoss.EmbedImage(source), identityLoss.Features(source));
    }

    private static void Train(
        SafetensorsComparison comparison, TrainSettings settings, MapperStep step, LatentBatch batch,
        IReadOnlyList<(string Name, Parameter Parameter)> parameters)
    {
        using Ranger optimizer = new(parameters, new RangerOptions { LearningRate = settings.LearningRate });
        List<double[]> losses = [], gradientNorms = [], sums = [], norms = [];
        for (int number = 1; number <= settings.Steps; number++)
        {
            using DisposeScope scope = NewDisposeScope();
            StepGradient result = step.Run(batch);
            losses.Add([.. settings.LossColumns.Select(column => Loss(result, settings.Loss, column))]);
            gradientNorms.Add([.. result.Gradients.Select(gradient => Precise(gradient).norm().ToDouble())]);
            if (number == 1) Parts(comparison, "grad_step1/", parameters, result.Gradients, GradientAllowance, GradientAllowance);

            optimizer.Step(result.Gradients);
            Tensor[] values = [.. parameters.Select(entry => entry.Parameter)];
            sums.Add([.. values.Select(value => Precise(value).sum().ToDouble())]);
            norms.Add([.. values.Select(value => Precise(value).norm().ToDouble())]);
            if (number == 1) Parts(comparison, "param_after_step1/", parameters, values, ValueAllowance);
            if (number == settings.Steps) Parts(comparison, "param_after_last_step/", parameters, values, ValueAllowance);
        }

        comparison.Compare("losses", Rows(losses), ValueAllowance);
        comparison.Compare("grad_norms", Rows(gradientNorms), GradientAllowance, GradientAllowance);
        comparison.Compare("param_sum_after_step", Rows(sums), ValueAllowance);
        comparison.Compare("param_l2_after_step", Rows(norms), ValueAllowance);
    }

    private static double Loss(StepGradient step, LossRecipe weights, string column)
    {
        (double clip, double identity, double latentL2) = (step.Clip.ToDouble(), step.Identity?.ToDouble() ?? 0, step.LatentL2.ToDouble());
        return column switch
        {
            "loss_clip" => clip,
            "loss_id" => identity,
            "loss_l2_latent" => latentL2,
            "loss" => (weights.Clip * clip) + (weights.Identity * identity) + (weights.LatentL2 * latentL2),
            _ => throw new InvalidDataException($"the loss '{column}' is not understood"),
        };
    }

    // Biases whole, weights the corner that the name says.
    private static void Parts(
        SafetensorsComparison comparison, string group, IReadOnlyList<(string Name, Parameter Parameter)> parameters,
        IReadOnlyList<Tensor> values, double allowance, double least = SafetensorsComparison.LeastAllowance)
    {
        Dictionary<string, Tensor> byName = parameters.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        foreach (string name in comparison.Names.Where(name => name.StartsWith(group, StringComparison.Ordinal)).ToArray())
        {
            NamedSlice slice = NamedSlice.Parse(name[group.Length..]);
            comparison.Compare(name, slice.Of(byName[slice.Tensor].detach()), allowance, least);
        }
    }

    private static Tensor AreaTo64(Tensor image) => image.shape[2] == 64 ? image : nn.functional.avg_pool2d(image, image.shape[2] / 64);

    private static Tensor Precise(Tensor tensor) => tensor.detach().to(ScalarType.Float64);

    private static Tensor Rows(List<double[]> rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Length]);

    private sealed record TrainSettings
    {
        private static readonly string[] ToldByTheParameters = ["mapper_type", "no_coarse_mapper", "no_medium_mapper", "no_fine_mapper"];

        public required int Size { get; init; }

        public required string Description { get; init; }

        public double LearningRate { get; init; } = 0.5; // The published defaults.

        public LossRecipe Loss { get; init; } = new() { Clip = 1, Identity = 0.1, LatentL2 = 0.8 };

        public required string[] ParameterNames { get; init; }

        public required string[] LossColumns { get; init; }

        public required int Steps { get; init; }

        public static TrainSettings Of(ReferenceFile file)
        {
            TrainSettings settings = new()
            {
                Size = 0,
                Description = "",
                ParameterNames = file.Json<string[]>("param_names"),
                LossColumns = file.Json<string[]>("loss_columns"),
                Steps = file.Number("steps_f32"),
            };
            foreach ((string option, JsonElement value) in file.Json<Dictionary<string, JsonElement>>("opts"))
            {
                settings = option switch
                {
                    "size" or "stylegan_size" => settings with { Size = value.GetInt32() },
                    "desc" or "description" => settings with { Description = value.GetString()! },
                    "learning_rate" => settings with { LearningRate = value.GetDouble() },
                    "id_lambda" => settings with { Loss = settings.Loss with { Identity = value.GetDouble() } },
                    "clip_lambda" => settings with { Loss = settings.Loss with { Clip = value.GetDouble() } },
                    "latent_l2_lambda" => settings with { Loss = settings.Loss with { LatentL2 = value.GetDouble() } },
                    "work_in_stylespace" when !value.GetBoolean() => settings,
                    _ when ToldByTheParameters.Contains(option) => settings,
                    _ => throw new InvalidDataException($"the option '{option}' with the value {value.GetRawText()} is not understood"),
                };
            }

            return settings;
        }
    }
}
