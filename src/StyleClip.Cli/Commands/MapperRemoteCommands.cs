using System.CommandLine;
using System.Globalization;
using StyleClip.Cli.Remote;
using StyleClip.Cli.Running.Display;
using StyleClip.Client.Library;
using StyleClip.Contracts.Library;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip mapper list|show|pull</c>: the published mappers of a cluster, over its gateway.</summary>
internal static class MapperRemoteCommands
{
    public static IEnumerable<Command> Create() => [List(), Show(), Pull()];

    private static Command List() => RemoteOptions.AddTo(new Command("list", "List the published mappers, directions and optimised latents."), async call =>
    {
        var entries = new List<CatalogueEntry>();
        await foreach (CatalogueEntry entry in call.Client.Mappers.List(call.Cancellation)) entries.Add(entry);
        call.Write(entries, () =>
        {
            Listing listing = new Listing("mapper", "method", "version", "CLIP gain", "identity", "domain", "published", "prompt").Omit("method", MethodText.Usual).Omit("domain", JobText.Absent);
            foreach (CatalogueEntry entry in entries) Add(listing, entry.Slug, entry.Versions[^1], entry.Prompt);
            listing.Write();
        });
    });

    private static Command Show()
    {
        var slug = new Argument<string>("mapper") { Description = "Slug of the prompt." };
        return RemoteOptions.AddTo(new Command("show", "Every version of a prompt's mapper.") { slug }, async call =>
        {
            string name = call.Parsed.GetRequiredValue(slug);
            CatalogueEntry entry = await call.Client.Mappers.Find(name, call.Cancellation) ?? throw new MapperNotFoundException($"mapper '{name}'");
            call.Write(entry, () =>
            {
                Console.WriteLine($"{entry.Slug}: {entry.Prompt}");
                Listing listing = new Listing("mapper", "method", "version", "CLIP gain", "identity", "domain", "published", "sha256").Omit("method", MethodText.Usual).Omit("domain", JobText.Absent);
                foreach (CatalogueVersion version in entry.Versions) Add(listing, entry.Slug, version, version.Mapper.Digest.Hex);
                listing.Write();
            });
        });
    }

    private static Command Pull()
    {
        var slug = new Argument<string>("mapper") { Description = "Slug of the prompt." };
        var version = new Option<int?>("--version-number") { Description = "The version; the newest by default." };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder to copy mapper, card and strip to.", DefaultValueFactory = _ => new DirectoryInfo(".") };
        var cache = new Option<DirectoryInfo>("--cache")
        {
            Description = "Folder of pulled files, by digest.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "styleclip", "artifacts")),
        };
        var offline = new Option<bool>("--offline") { Description = "Ask no gateway; use what the cache has." };
        return RemoteOptions.AddTo(new Command("pull", "Copy a mapper here. No file appears before its digest is verified.") { slug, version, output, cache, offline }, async call =>
        {
            MapperLibrary library = call.Client.OpenLibrary(call.Parsed.GetRequiredValue(cache).FullName, call.Parsed.GetValue(offline));
            string name = call.Parsed.GetRequiredValue(slug);
            PulledMapper pulled = await library.Pull(name, call.Parsed.GetValue(version), call.Cancellation);
            string folder = Path.Combine(call.Parsed.GetRequiredValue(output).FullName, pulled.Card.Slug);
            var files = new PulledFiles
            {
                Mapper = await Copy(pulled.MapperPath, folder, MethodText.FileName(pulled.Card.Method), pulled.Card.Mapper.Digest, call.Cancellation),
                Card = await Copy(pulled.CardPath, folder, "card.json", pulled.CardReference.Digest, call.Cancellation),
                Strip = await Copy(pulled.StripPath, folder, "strip.png", pulled.Card.Strip.Digest, call.Cancellation),
                Sha256 = pulled.Card.Mapper.Digest.Hex,
            };
            call.Write(files, () =>
            {
                Console.WriteLine($"{files.Mapper}  sha256 {files.Sha256}");
                Console.WriteLine(files.Card);
                Console.WriteLine(files.Strip);
            });
        });
    }

    // The cache's file was verified; what is copied is verified again, before it has its name.
    private static async Task<string> Copy(string from, string folder, string name, Digest digest, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, name), partial = path + ".partial";
        byte[] content = await File.ReadAllBytesAsync(from, cancellationToken);
        if (Digest.Of(content) is var found && found != digest) throw new ArtifactRejectedException(digest, $"the file {from} has the digest {found}");
        await File.WriteAllBytesAsync(partial, content, cancellationToken);
        File.Move(partial, path, overwrite: true);
        return path;
    }

    private static void Add(Listing listing, string slug, CatalogueVersion version, string last) => listing.Add(
        slug,
        MethodText.Of(version.Method),
        $"{version.Number}",
        version.ClipGain.ToString("+0.000;-0.000", CultureInfo.InvariantCulture),
        version.IdentitySimilarity?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-",
        JobText.Domain(version.Domain),
        version.Published.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
        last);
}

/// <summary>The document of <c>mapper pull --output json</c>.</summary>
internal sealed record PulledFiles
{
    public required string Mapper { get; init; }

    public required string Card { get; init; }

    public required string Strip { get; init; }

    /// <summary>Of the mapper, 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}
