using System.Text.Json;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.Losses;
using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using StyleClip.Reference;
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

    // Where a file has float32 figures only. Gradients go through the generator, which alone loses five digits of them.
    private const double ValueAllowance = 1e-5;
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
        using Mapper mapper = settings.IsSingle
            ? new SingleMapper(MapperSpec.For(spec, MapperKind.Single))
            : new LevelsMapper(MapperSpec.For(spec) with { Levels = CoachNetworks.LevelsOf(settings.ParameterNames) });
        FormulaWeights.Fill(mapper, file.Set.Prefix, WeightFamily.Mapper);
        (string Name, Parameter Parameter)[] parameters = [.. mapper.named_parameters()];
        report.Matched("param_names", parameters.Select(entry => entry.Name).SequenceEqual(settings.ParameterNames), "in the recorded order");

        TrainSteps steps = new(
            settings, generator, new ClipLoss(clip, ClipInput.Raw, new AreaResize()), new IdentityLoss(network, FaceCrop.Published), mapper);
        Inputs inputs = new(file.Set.Prefix, $"input/train{settings.Size}");
        steps.Begin(inputs.Latent("wplus", comparison.Recorded("w_hat_step1").shape));
        Compare(comparison, file, settings, steps, parameters);
        comparison.Finish();
    }

    private static void Compare(
        SafetensorsComparison comparison, ReferenceFile file, TrainSettings settings, TrainSteps steps, (string Name, Parameter Parameter)[] parameters)
    {
        using Ranger optimizer = new(parameters, new RangerOptions { LearningRate = settings.LearningRate });
        int count = file.Number("steps_f32");
        List<double[]> losses = [], gradientNorms = [], sums = [], norms = [];
        for (int step = 1; step <= count; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            foreach ((_, Parameter parameter) in parameters) parameter.grad = null;
            TrainStep result = steps.Run();
            losses.Add([.. settings.LossColumns.Select(column => result.Losses[column])]);
            gradientNorms.Add([.. parameters.Select(entry => Precise(entry.Parameter.grad!).norm().ToDouble())]);
            if (step == 1)
            {
                comparison.Compare("w_hat_step1", result.Edited, ValueAllowance);
                comparison.Compare("x_area_to64_step1", AreaTo64(steps.SourceImage), ValueAllowance);
                comparison.Compare("x_hat_area_to64_step1", AreaTo64(result.EditedImage), ValueAllowance);
                Parts(comparison, "grad_step1/", parameters, parameter => parameter.grad!, GradientAllowance);
            }

            optimizer.Step();
            sums.Add([.. parameters.Select(entry => Precise(entry.Parameter).sum().ToDouble())]);
            norms.Add([.. parameters.Select(entry => Precise(entry.Parameter).norm().ToDouble())]);
            if (step == 1) Parts(comparison, "param_after_step1/", parameters, parameter => parameter, ValueAllowance);
            if (step == count) Parts(comparison, "param_after_last_step/", parameters, parameter => parameter, ValueAllowance);
        }

        comparison.Compare("losses", Rows(losses), ValueAllowance);
        comparison.Compare("grad_norms", Rows(gradientNorms), GradientAllowance);
        comparison.Compare("param_sum_after_step", Rows(sums), ValueAllowance);
        comparison.Compare("param_l2_after_step", Rows(norms), ValueAllowance);
    }

    // Biases whole, weights the corner that the name says.
    private static void Parts(
        SafetensorsComparison comparison, string group, (string Name, Parameter Parameter)[] parameters, Func<Parameter, Tensor> select, double unrecorded)
    {
        foreach (string name in comparison.Names.Where(name => name.StartsWith(group, StringComparison.Ordinal)).ToArray())
        {
            NamedSlice slice = NamedSlice.Parse(name[group.Length..]);
            Parameter parameter = parameters.Single(entry => entry.Name == slice.Tensor).Parameter;
            comparison.Compare(name, slice.Of(select(parameter).detach()), unrecorded);
        }
    }

    private static Tensor AreaTo64(Tensor image) => image.shape[2] == 64 ? image : nn.functional.avg_pool2d(image, image.shape[2] / 64);

    private static Tensor Precise(Tensor tensor) => tensor.detach().to(ScalarType.Float64);

    private static Tensor Rows(List<double[]> rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Length]);

    private sealed record TrainStep(IReadOnlyDictionary<string, double> Losses, Tensor Edited, Tensor EditedImage);

    /// <summary>The published training step; the source images do not change, so they and their features are made once.</summary>
    private sealed class TrainSteps(TrainSettings settings, Generator generator, ClipLoss clipLoss, IdentityLoss identityLoss, Mapper mapper)
    {
        private Tensor _wPlus = null!, _text = null!, _features = null!;

        public Tensor SourceImage { get; private set; } = null!;

        public void Begin(Tensor wPlus)
        {
            using IDisposable frozen = no_grad();
            _wPlus = wPlus;
            SourceImage = generator.Synthesize(wPlus);
            _features = identityLoss.Features(SourceImage);
            _text = clipLoss.EmbedText(tensor(ClipTokenizer.Shared.Tokenize(settings.Description)).unsqueeze(0));
        }

        /// <summary>Leaves the gradients in the mapper's parameters.</summary>
        public TrainStep Run()
        {
            Tensor edited = _wPlus + (EditStrength * mapper.Delta(_wPlus));
            Tensor image = generator.Synthesize(edited);
            Dictionary<string, double> values = new(StringComparer.Ordinal);
            Tensor total = zeros([]);
            Add("loss_id", settings.LambdaId, () => identityLoss.Loss(image, _features));
            Add("loss_clip", settings.LambdaClip, () => clipLoss.Loss(image, _text));
            Add("loss_l2_latent", settings.LambdaL2, () => LatentL2Loss.WPlus(edited, _wPlus));
            values["loss"] = total.ToDouble();
            total.backward();
            return new TrainStep(values, edited.detach(), image.detach());

            // A term of weight 0 is not built.
            void Add(string name, double lambda, Func<Tensor> loss)
            {
                if (lambda == 0) return;
                Tensor term = loss();
                values[name] = term.ToDouble();
                total += term * lambda;
            }
        }
    }

    private sealed record TrainSettings
    {
        private const string SingleMapper = "SingleMapper";
        private static readonly string[] WithoutEffectHere = ["no_coarse_mapper", "no_medium_mapper", "no_fine_mapper"]; // the names of the parameters tell

        public required int Size { get; init; }

        public required string Description { get; init; }

        public double LearningRate { get; init; } = 0.5; // The published defaults.

        public double LambdaId { get; init; } = 0.1;

        public double LambdaClip { get; init; } = 1;

        public double LambdaL2 { get; init; } = 0.8;

        public bool IsSingle { get; init; }

        public required string[] ParameterNames { get; init; }

        public required string[] LossColumns { get; init; }

        public static TrainSettings Of(ReferenceFile file)
        {
            TrainSettings settings = new()
            {
                Size = 0,
                Description = "",
                ParameterNames = file.Json<string[]>("param_names"),
                LossColumns = file.Json<string[]>("loss_columns"),
            };
            foreach ((string option, JsonElement value) in file.Json<Dictionary<string, JsonElement>>("opts"))
            {
                settings = option switch
                {
                    "size" or "stylegan_size" => settings with { Size = value.GetInt32() },
                    "desc" or "description" => settings with { Description = value.GetString()! },
                    "learning_rate" => settings with { LearningRate = value.GetDouble() },
                    "id_lambda" => settings with { LambdaId = value.GetDouble() },
                    "clip_lambda" => settings with { LambdaClip = value.GetDouble() },
                    "latent_l2_lambda" => settings with { LambdaL2 = value.GetDouble() },
                    "mapper_type" => settings with { IsSingle = value.GetString() == SingleMapper },
                    "work_in_stylespace" when !value.GetBoolean() => settings,
                    _ when WithoutEffectHere.Contains(option) => settings,
                    _ => throw new InvalidDataException($"the option '{option}' with the value {value.GetRawText()} is not understood"),
                };
            }

            return settings;
        }
    }
}
