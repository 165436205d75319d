using System.CommandLine;
using StyleClip.Cli.Running.Display;
using StyleClip.Client.Library;
using StyleClip.Contracts.Library;

namespace StyleClip.Cli.Remote;

/// <summary>Copies a mapper with its card and strip from a cluster to a folder that people can read.</summary>
internal sealed class MapperPull
{
    private readonly Option<DirectoryInfo> _output = new("--out") { Description = "Folder to copy mapper, card and strip to.", DefaultValueFactory = _ => new DirectoryInfo(".") };

    private readonly Option<DirectoryInfo> _cache = new("--cache")
    {
        Description = "Folder of pulled files, by digest.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "styleclip", "artifacts")),
    };

    private readonly Option<bool> _offline = new("--offline") { Description = "Ask no gateway; use what the cache has." };

    /// <summary>Adds the options; whoever must ask the gateway first anyway has no use for being offline.</summary>
    public void AddTo(Command command, bool canBeOffline)
    {
        command.Add(_output);
        command.Add(_cache);
        if (canBeOffline) command.Add(_offline);
    }

    /// <summary>Pulls what <paramref name="choose"/> names, and says where it lies.</summary>
    public async Task Run(RemoteCall call, Func<MapperLibrary, Task<PulledMapper>> choose)
    {
        MapperLibrary library = call.Client.OpenLibrary(call.Parsed.GetRequiredValue(_cache).FullName, call.Parsed.GetValue(_offline));
        PulledMapper pulled = await choose(library);
        string folder = Path.Combine(call.Parsed.GetRequiredValue(_output).FullName, pulled.Card.Slug);
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
}
