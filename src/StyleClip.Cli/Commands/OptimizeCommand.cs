using System.CommandLine;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Latents;
using StyleClip.Cli.Optimizing;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Recipes;
using StyleClip.Training.Baselines;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip optimize</c>: the paper's latent optimisation, without training anything.</summary>
internal static class OptimizeCommand
{
    public static Command Create()
    {
        OptimizeOptions options = new();
        var command = new Command("optimize", "Optimise latents towards a text, one by one (StyleCLIP, section 4): no training, but every picture takes all the steps.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(() => Run(options.Read(parsed), options.Device, parsed, cancellationToken)));
        return command;
    }

    private static async Task<int> Run(OptimizeRequest request, LocalDeviceOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        PackPlace pack = await options.FindPack(parsed, cancellationToken);
        await using LocalDevice device = await options.Open(pack, parsed, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signal = new PauseSignal(ending.CancelAsync);
        if (request.Method == OptimizeMethod.TediGan && pack.Manifest.Perceptual is null)
            await Console.Error.WriteLineAsync($"TediGAN's VGG term (weight 5e-5) is left out: pack {pack.Manifest.Name} has no such network.");
        if (await new OptimizeSession(request, device).Run(ending.Token) is not { } document)
        {
            await Console.Error.WriteLineAsync("Ended before the first step; nothing was written.");
            return ExitCodes.Interrupted;
        }

        Write(document, request);
        return document.Interrupted ? ExitCodes.Interrupted : ExitCodes.Success;
    }

    private static void Write(OptimizeDocument document, OptimizeRequest request)
    {
        if (request.Output == OutputForm.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(document, ContractJson.Options));
            return;
        }

        for (int i = 0; i < document.Results.Count; i++)
        {
            OptimizeResult result = document.Results[i];
            Console.WriteLine(FormattableString.Invariant($"latent {i + 1}: {result.Steps} steps in {result.Seconds:0.0} s, similarity to the prompt {result.SourceSimilarity:0.000} to {result.EditedSimilarity:0.000}{(result.IdentitySimilarity is { } identity ? FormattableString.Invariant($", identity similarity {identity:0.000}") : "")}"));
        }

        Console.WriteLine($"{(document.Interrupted ? "Ended early. " : "")}{document.Strip}, pictures and {document.Latents}");
    }

    private sealed class OptimizeOptions
    {
        private readonly Option<string> _prompt = new("--prompt") { Description = "The text.", Required = true };
        private readonly Option<OptimizeMethod> _method = new("--method") { Description = "styleclip: the paper's; tedigan: the baseline's, which also rebuilds the picture's pixels (200 steps, its weights).", DefaultValueFactory = _ => OptimizeMethod.StyleClip };
        private readonly Option<TediGanStart> _start = new("--start") { Description = "For tedigan: mean, the mean latent as published, or code, the latent itself.", DefaultValueFactory = _ => TediGanStart.Mean };
        private readonly Option<OptimizeMode> _mode = new("--mode") { Description = "edit: change latents and stay near them; free: a picture of the text from the mean latent, by the CLIP term alone.", DefaultValueFactory = _ => OptimizeMode.Edit };
        private readonly Option<OptimizeSpace> _space = new("--space") { Description = "wplus, or s: style space without the to-RGB vectors.", DefaultValueFactory = _ => OptimizeSpace.WPlus };
        private readonly Option<int?> _steps = new("--steps") { Description = "Updates of each latent; 300 as published, 200 for tedigan. The rate rises over a twentieth of them and falls over the last quarter." };
        private readonly Option<double> _lr = new("--lr") { Description = "Adam's highest learning rate.", DefaultValueFactory = _ => 0.1 };
        private readonly Option<double?> _lambdaL2 = new("--lambda-l2") { Description = "Weight of the squared distance from the start, summed; 0.008 as published." };
        private readonly Option<double?> _lambdaId = new("--lambda-id") { Description = "Weight of the identity loss; 0.005 where the pack has an identity network." };
        private readonly Option<ClipInput?> _clipInput = new("--clip-input") { Description = "normalized, or raw as the published code feeds CLIP; by default the pack's own way." };
        private readonly Option<string> _out = new("--out") { Description = "Folder for pictures, strip.png, latents.safetensors and result.json.", Required = true };
        private readonly Option<OutputForm> _output = new("--output") { Description = "text, or json: one JSON document with every loss on standard output.", DefaultValueFactory = _ => OutputForm.Text };
        private readonly SourceLatentOptions _latents = new(bankCount: 1);

        public OptimizeOptions()
        {
            CommonOptions.RequireRange(_steps, 1, 1_000_000);
            CommonOptions.RequireNumber(_lr, value => value > 0, "greater than 0");
            CommonOptions.RequireNumber(_lambdaL2, value => value >= 0, "0 or greater");
            CommonOptions.RequireNumber(_lambdaId, value => value >= 0, "0 or greater");
        }

        public LocalDeviceOptions Device { get; } = new();

        public void AddTo(Command command)
        {
            foreach (Option option in new Option[] { _prompt, _method, _start, _mode, _space, _steps, _lr, _lambdaL2, _lambdaId, _clipInput, _out, _output }) command.Add(option);
            _latents.AddTo(command);
            Device.AddTo(command);
        }

        /// <exception cref="InvalidDataException">Options contradict each other.</exception>
        public OptimizeRequest Read(ParseResult parsed)
        {
            OptimizeMode mode = parsed.GetValue(_mode);
            (double? l2, double? id) = (parsed.GetValue(_lambdaL2), parsed.GetValue(_lambdaId));
            if (mode == OptimizeMode.Free && (l2 is not null || id is not null))
                throw new InvalidDataException("--mode free has the CLIP term alone; --lambda-l2 and --lambda-id are for --mode edit.");
            OptimizeMethod method = parsed.GetValue(_method);
            if (method == OptimizeMethod.TediGan && (mode == OptimizeMode.Free || parsed.GetValue(_space) == OptimizeSpace.S || l2 is not null || id is not null))
                throw new InvalidDataException("--method tedigan edits latents in W+ with its own weights; --mode free, --space s, --lambda-l2 and --lambda-id are for styleclip.");
            if (method == OptimizeMethod.StyleClip && parsed.GetResult(_start) is { Implicit: false })
                throw new InvalidDataException("--start is for --method tedigan; StyleCLIP starts at the latent that it edits.");
            SourceLatents latents = _latents.Read(parsed);
            if (mode == OptimizeMode.Free && latents.File is null && _latents.IsGiven(parsed))
                throw new InvalidDataException("--mode free starts from the mean latent, which is one; --index, --count and --seed need --latents there.");
            return new OptimizeRequest
            {
                Prompt = parsed.GetRequiredValue(_prompt),
                Method = method,
                Start = parsed.GetValue(_start),
                Mode = mode,
                Space = parsed.GetValue(_space),
                Latents = mode == OptimizeMode.Free && latents.File is null ? null : latents,
                Steps = parsed.GetValue(_steps),
                LearningRate = parsed.GetValue(_lr),
                LambdaL2 = l2,
                LambdaId = id,
                ClipInput = parsed.GetValue(_clipInput),
                Folder = parsed.GetRequiredValue(_out),
                Output = parsed.GetValue(_output),
            };
        }
    }
}
