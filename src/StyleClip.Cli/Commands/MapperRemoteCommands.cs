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
        var pull = new MapperPull();
        var command = new Command("pull", "Copy a mapper here. No file appears before its digest is verified.") { slug, version };
        pull.AddTo(command, canBeOffline: true);
        return RemoteOptions.AddTo(command, call => pull.Run(call, library =>
            library.Pull(call.Parsed.GetRequiredValue(slug), call.Parsed.GetValue(version), call.Cancellation)));
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
