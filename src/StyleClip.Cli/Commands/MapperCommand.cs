using System.CommandLine;
using StyleClip.Cli.Mappers;
using StyleClip.Cli.Packs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip mapper</c>: applies mappers, pulls those of a cluster, and exchanges them with the original program.</summary>
internal static class MapperCommand
{
    public static Command Create()
    {
        var command = new Command("mapper", "Apply mappers, pull those of a cluster, exchange them with the original StyleCLIP.") { MapperApplyCommand.Create(), Import(), Export() };
        foreach (Command remote in MapperRemoteCommands.Create()) command.Add(remote);
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = "A mapper checkpoint of StyleCLIP, .pt." };
        var pack = new Option<string>("--pack") { Description = "The pack that it edits: a folder, or one of the store by name or digest.", Required = true };
        Option<string?> prompt = CommonOptions.Text("--prompt", "Its prompt; the checkpoint's own description where it has one.");
        var faces = new Option<int>("--faces") { Description = "Held-out latents to measure it on, 1 to 10,000.", DefaultValueFactory = _ => 8 };
        var seed = new Option<long>("--seed") { Description = "Seed of these latents." };
        Option<string> store = CommonOptions.Store();
        faces.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000) result.AddError($"{faces.Name} must be 1 to 10000.");
        });
        var command = new Command("import", "Publish a mapper of the original program in the catalogue, measured on the pack.") { file, pack, prompt, faces, seed, store };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            string location = parsed.GetRequiredValue(store);
            PackPlace place = await PackPlace.Find(parsed.GetRequiredValue(pack), location, cancellationToken);
            using IArtifactStore artifacts = ArtifactStores.Open(location);
            (CatalogueEntry entry, ValidationReport metrics) = await new MapperImport(artifacts).Publish(
                parsed.GetRequiredValue(file).FullName, place, parsed.GetValue(prompt), parsed.GetValue(faces), parsed.GetValue(seed), cancellationToken);
            string identity = metrics.IdentitySimilarity is { } similarity ? FormattableString.Invariant($", identity similarity {similarity:0.000}") : "";
            Console.WriteLine(FormattableString.Invariant($"{entry.Slug}  version {entry.Latest}  CLIP gain {metrics.ClipGain:+0.0000;-0.0000}{identity}"));
        }));
        return command;
    }

    private static Command Export()
    {
        var mapper = new Argument<string>("mapper") { Description = "Slug of a prompt, or digest of a mapper or card." };
        var version = new Option<int?>("--version-number") { Description = "The version; the newest by default." };
        var format = new Option<string>("--format") { Description = "styleclip-pt: a checkpoint that the original programs load; safetensors: the mapper alone.", DefaultValueFactory = _ => "styleclip-pt" };
        format.AcceptOnlyFromAmong("styleclip-pt", "safetensors");
        var asIs = new Option<bool>("--as-is") { Description = "Write a styleclip-pt that the original programs would read otherwise than it was trained." };
        Option<FileInfo> output = CommonOptions.RequiredFile("--out", "The file to write.");
        Option<string> store = CommonOptions.Store();
        var command = new Command("export", "Write a mapper of the catalogue to a file.") { mapper, version, format, asIs, output, store };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            string location = parsed.GetRequiredValue(store), path = parsed.GetRequiredValue(output).FullName;
            using IArtifactStore artifacts = ArtifactStores.Open(location);
            await new MapperExport(ArtifactStores.CacheFolder(location), artifacts).Write(
                parsed.GetRequiredValue(mapper),
                parsed.GetValue(version),
                parsed.GetValue(format) == "safetensors" ? MapperFormat.Safetensors : MapperFormat.StyleClipPt,
                parsed.GetValue(asIs),
                path,
                cancellationToken);
            Console.WriteLine(FormattableString.Invariant($"{path}: {new FileInfo(path).Length:N0} bytes"));
        }));
        return command;
    }
}
