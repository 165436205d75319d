using System.CommandLine;
using StyleClip.Cli.Latents;
using StyleClip.Cli.Packs;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip latents</c>: brings codes of images in, as files that a sweep's bank takes.</summary>
internal static class LatentsCommand
{
    public static Command Create() => new("latents", "Import and inspect files of latent codes.") { Import(), Inspect() };

    private static Command Import()
    {
        CodeOptions options = new();
        Option<FileInfo> output = CommonOptions.RequiredFile("--out", "The safetensors file to write; a sweep names it in bank.path.");
        var command = new Command("import", "Convert codes (.pt, .npy, pickle or safetensors) to our form.") { options.File, options.Space, options.Key, options.Pack, options.Store, output };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            using LatentCodes codes = await Read(options, parsed, cancellationToken);
            string target = parsed.GetRequiredValue(output).FullName;
            SafetensorsWriter.Write(target, codes.ToDictionary());
            Console.WriteLine($"{target}: {CodeText.Describe(codes)}");
        }));
        return command;
    }

    private static Command Inspect()
    {
        CodeOptions options = new();
        var command = new Command("inspect", "Say what a file of codes holds, and whether it fits a pack.") { options.File, options.Space, options.Key, options.Pack, options.Store };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            using LatentCodes codes = await Read(options, parsed, cancellationToken);
            Console.WriteLine($"{parsed.GetRequiredValue(options.File).FullName}: {CodeText.Describe(codes)}");
        }));
        return command;
    }

    private static async Task<LatentCodes> Read(CodeOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        string path = parsed.GetRequiredValue(options.File).FullName;
        PackManifest? pack = parsed.GetValue(options.Pack) is { } name
            ? (await PackPlace.Find(name, parsed.GetRequiredValue(options.Store), cancellationToken)).Manifest
            : null;
        LatentCodes codes = LatentCodes.Read(path, parsed.GetValue(options.Key), parsed.GetValue(options.Space));
        try
        {
            if (pack is not null) codes.RequireFit(path, PackShapes.Spec(pack.Generator));
            return codes;
        }
        catch
        {
            codes.Dispose();
            throw;
        }
    }

    private sealed class CodeOptions
    {
        public Argument<FileInfo> File { get; } = new("file") { Description = "The file of codes." };

        public Option<LatentSpace?> Space { get; } = new("--space") { Description = "W, WPlus or StyleSpace, where the shape leaves it open." };

        public Option<string?> Key { get; } = CommonOptions.Text("--key", "The entry to take of a file that holds several.");

        public Option<string?> Pack { get; } = CommonOptions.Text("--pack", "The pack whose generator the codes are for: its sizes are checked.");

        public Option<string> Store { get; } = CommonOptions.Store();
    }
}
