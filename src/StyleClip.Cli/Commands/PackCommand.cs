using System.CommandLine;
using StyleClip.Cli.Packs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Packs;
using StyleClip.Models.Packs.Import;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip pack</c>: brings published networks in as packs, and looks at packs.</summary>
internal static class PackCommand
{
    public static Command Create()
    {
        var command = new Command("pack", "Import and inspect packs of frozen networks.") { Import(), Verify(), Inspect(), List() };
        foreach (Command domain in PackDomainCommands.Create()) command.Add(domain);
        return command;
    }

    private static Command Import()
    {
        Option<FileInfo> generator = CommonOptions.RequiredFile("--generator", "StyleGAN2: rosinality's .pt, NVIDIA's .pkl, or a state dict in any layout.");
        Option<FileInfo> clip = CommonOptions.RequiredFile("--clip", "CLIP with a vision transformer: OpenAI's .pt or Hugging Face's safetensors.");
        Option<FileInfo?> identity = CommonOptions.File("--identity", "IR-SE50 (model_ir_se50.pth); leave it out where images are not of faces.");
        Option<FileInfo?> perceptual = CommonOptions.File("--perceptual", "VGG16 (torchvision's, LPIPS's or TediGAN's file), by which `invert` and TediGAN's baseline compare images.");
        var perceptualInput = new Option<PerceptualInput>("--perceptual-input") { Description = "How that network takes images: rgb as torchvision's, or bgr255 as Caffe's weights, which TediGAN uses. No file says it.", DefaultValueFactory = _ => PerceptualInput.Rgb };
        var name = new Option<string>("--name") { Description = "Name of the pack, a-z, 0-9 and '-'.", Required = true };
        Option<string> store = CommonOptions.Store();
        var output = new Option<DirectoryInfo?>("--out") { Description = "Write the pack's folder here; it then goes into a store only where --store is given too." };
        var seed = new Option<long>("--seed") { Description = "Seed of what a file may lack: noise images, mean latent." };
        var truncation = new Option<double>("--truncation") { Description = "Truncation at which the pictures are best, above 0, at most 1.", DefaultValueFactory = _ => 0.7 };
        Option<string?> licence = CommonOptions.Text("--licence", "Terms of the networks, for the cards of mappers.");
        Option<string?> description = CommonOptions.Text("--description", "What the pack shows.");
        var command = new Command("import", "Make a pack of published weight files. Nothing in a file is ever executed.")
        {
            generator, clip, identity, perceptual, perceptualInput, name, store, output, seed, truncation, licence, description,
        };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(() => Import(
            new PackImport
            {
                Name = parsed.GetRequiredValue(name),
                Generator = parsed.GetRequiredValue(generator).FullName,
                Clip = parsed.GetRequiredValue(clip).FullName,
                Identity = parsed.GetValue(identity)?.FullName,
                Perceptual = parsed.GetValue(perceptual)?.FullName,
                PerceptualInput = parsed.GetValue(perceptualInput),
                Seed = parsed.GetValue(seed),
                Truncation = parsed.GetValue(truncation),
                Licence = parsed.GetValue(licence),
                Description = parsed.GetValue(description),
            },
            parsed.GetValue(output)?.FullName,
            parsed.GetValue(output) is null || parsed.GetResult(store) is { Implicit: false } ? parsed.GetRequiredValue(store) : null,
            cancellationToken)));
        return command;
    }

    private static async Task Import(PackImport import, string? output, string? storeLocation, CancellationToken cancellationToken)
    {
        string folder = output ?? Path.Combine(ArtifactStores.CacheFolder(storeLocation!), "imports", Guid.NewGuid().ToString("n"));
        try
        {
            PackManifest manifest = PackImporter.Write(import, folder);
            Digest digest = Digest.Of(await File.ReadAllBytesAsync(Path.Combine(folder, PackManifest.FileName), cancellationToken));
            if (storeLocation is not null)
            {
                using IArtifactStore store = ArtifactStores.Open(storeLocation);
                await new PackLibrary(store).Publish(folder, cancellationToken);
            }

            PackText.Write(Console.Out, manifest, digest);
        }
        finally
        {
            if (output is null && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static Command Verify() => OnPack("verify", "Check every byte of a pack and build its networks.", place =>
    {
        using FrozenNetworks networks = FrozenNetworks.Load(place.Folder); // checks digests, keys and shapes
        Console.WriteLine($"{place.Manifest.Name}  {place.Digest}");
        foreach (PackFile file in place.Manifest.Files.Values) Console.WriteLine($"  {file.Path}  {file.SizeBytes:N0} bytes  {file.Digest}  verified");
    });

    private static Command Inspect() => OnPack("inspect", "Show what a pack holds and where it comes from.", place => PackText.Write(Console.Out, place.Manifest, place.Digest));

    private static Command OnPack(string name, string description, Action<PackPlace> action)
    {
        var pack = new Argument<string>("pack") { Description = "A folder, or a pack of the store by name or digest." };
        Option<string> store = CommonOptions.Store();
        var command = new Command(name, description) { pack, store };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
            action(await PackPlace.Find(parsed.GetRequiredValue(pack), parsed.GetRequiredValue(store), cancellationToken))));
        return command;
    }

    private static Command List()
    {
        Option<string> store = CommonOptions.Store();
        var command = new Command("list", "List the packs of the store.") { store };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            using IArtifactStore packs = ArtifactStores.Open(parsed.GetRequiredValue(store));
            var library = new PackLibrary(packs);
            await foreach (PackPointer pointer in library.List(cancellationToken))
            {
                PackManifest manifest = await library.Read(pointer.Pack, cancellationToken);
                Console.WriteLine($"{pointer.Name}  {pointer.Pack}  {manifest.Generator.Size} px, {(manifest.Identity is null ? "no identity network" : "identity network")}{(manifest.Attributes is null ? "" : ", attribute network")}{(manifest.Perceptual is null ? "" : ", perceptual network")}");
            }
        }));
        return command;
    }
}
