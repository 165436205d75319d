using System.CommandLine;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Inverting;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Json;
using StyleClip.Training.Inversion;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip invert</c>: projects pictures to W+ codes that everything else takes as latents.</summary>
internal static class InvertCommand
{
    public static Command Create()
    {
        InversionOptions defaults = new();
        var image = new Option<string[]>("--image") { Description = "PNG or JPEG, square, cropped as the generator's training pictures were; several, or the option several times.", Required = true, AllowMultipleArgumentsPerToken = true };
        var target = new Option<string>("--out") { Description = "The safetensors file of codes to write; a strip is written beside it as PNG.", Required = true };
        var steps = new Option<int>("--steps") { Description = "Updates of each code.", DefaultValueFactory = _ => defaults.Steps };
        var lr = new Option<double>("--lr") { Description = "Adam's highest learning rate.", DefaultValueFactory = _ => defaults.LearningRate };
        var lambdaId = new Option<double>("--lambda-id") { Description = "Weight of the identity loss beside the pixels' weight of 1; left out where the pack has no identity network.", DefaultValueFactory = _ => defaults.LambdaId };
        var lambdaPerceptual = new Option<double>("--lambda-perceptual") { Description = "Weight of the perceptual loss; left out where the pack has no perceptual network.", DefaultValueFactory = _ => defaults.LambdaPerceptual };
        var seed = new Option<long>("--seed") { Description = "Seed of the noise on the code in the first three quarters of the steps." };
        var output = new Option<OutputForm>("--output") { Description = "text, or json: one JSON document on standard output.", DefaultValueFactory = _ => OutputForm.Text };
        CommonOptions.RequireRange(steps, 1, 1_000_000);
        CommonOptions.RequireNumber(lr, value => value > 0, "greater than 0");
        CommonOptions.RequireNumber(lambdaId, value => value >= 0, "0 or greater");
        CommonOptions.RequireNumber(lambdaPerceptual, value => value >= 0, "0 or greater");
        var options = new LocalDeviceOptions();
        var command = new Command("invert", "Find the W+ codes of pictures, and say how good the fit is.") { image, target, steps, lr, lambdaId, lambdaPerceptual, seed, output };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            PackPlace pack = await options.FindPack(parsed, cancellationToken);
            await using LocalDevice device = await options.Open(pack, parsed, cancellationToken);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var signal = new PauseSignal(ending.CancelAsync);
            if (pack.Manifest.Perceptual is null)
                await Console.Error.WriteLineAsync($"Pack {pack.Manifest.Name} has no perceptual network: pictures are compared by pixels{(pack.Manifest.Identity is null ? "" : " and identity")} alone.");
            InvertDocument? document = await new InvertSession(
                parsed.GetRequiredValue(image),
                defaults with { Steps = parsed.GetValue(steps), LearningRate = parsed.GetValue(lr), LambdaId = parsed.GetValue(lambdaId), LambdaPerceptual = parsed.GetValue(lambdaPerceptual), Seed = parsed.GetValue(seed) },
                parsed.GetRequiredValue(target),
                device).Run(ending.Token);
            if (document is null)
            {
                await Console.Error.WriteLineAsync("Ended before the first step; nothing was written.");
                return ExitCodes.Interrupted;
            }

            Write(document, parsed.GetValue(output));
            return document.Interrupted ? ExitCodes.Interrupted : ExitCodes.Success;
        }));
        return command;
    }

    private static void Write(InvertDocument document, OutputForm output)
    {
        if (output == OutputForm.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(document, ContractJson.Options));
            return;
        }

        foreach (InvertResult result in document.Results)
        {
            InversionFit fit = result.Fit;
            Console.WriteLine(FormattableString.Invariant($"{result.Image}: {result.Steps} steps in {result.Seconds:0.0} s, RMSE {fit.PixelRmse:0.00} of 255{(fit.Psnr is { } psnr ? FormattableString.Invariant($", PSNR {psnr:0.0} dB") : "")}{(fit.IdentitySimilarity is { } identity ? FormattableString.Invariant($", identity similarity {identity:0.000}") : "")}{(fit.PerceptualSimilarity is { } perceptual ? FormattableString.Invariant($", perceptual similarity {perceptual:0.000}") : "")}, CLIP similarity {fit.ClipSimilarity:0.000}"));
        }

        Console.WriteLine($"{(document.Interrupted ? "Ended early. " : "")}{document.Latents} and {document.Strip}");
    }
}
