using System.Collections.Concurrent;
using StyleClip.Cli.Packs;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Validation;
using StyleClip.Models.Clip;
using StyleClip.Models.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;

namespace StyleClip.Cli.Running;

/// <summary>A spec on disk and what it may refer to: packs, recipes and latents.</summary>
internal sealed class SpecFile
{
    private readonly string _folder;
    private readonly PackSource _packs;
    private readonly IArtifactStore _store;

    private SpecFile(string yaml, SweepSpecContext context, string folder, PackSource packs, IArtifactStore store) =>
        (Yaml, Context, _folder, _packs, _store) = (yaml, context, folder, packs, store);

    /// <summary>The file's text.</summary>
    public string Yaml { get; }

    /// <summary>For the reader of the text: what the file refers to is looked up and checked.</summary>
    public SweepSpecContext Context { get; }

    /// <summary>Reads the file; nothing is checked yet and the store is untouched.</summary>
    public static async Task<SpecFile> Open(string path, IArtifactStore store, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var tables = new DirectionLibrary(store);
        PackSource packs = await PackSource.Open(new PackLibrary(store), folder, cancellationToken);
        var tokenizers = new ConcurrentDictionary<string, ITextTokenizer>(StringComparer.Ordinal);
        SweepSpecContext context = SweepSpecContext.ForFile(path) with
        {
            CheckPack = packs.Check,
            CheckText = (pack, text) => TextCheck.Check(tokenizers.GetOrAdd(pack, name => PackTokenizers.Create(ManifestNow(packs, name, cancellationToken))), text),
            CheckTable = (pack, table) => table.Problem(ManifestNow(packs, pack, cancellationToken).Generator),
            CheckTableName = (pack, table) => tables.NameProblem(packs.DigestOf(pack), table.Name, table.Spec, cancellationToken).GetAwaiter().GetResult(), // as below
            CheckLatentFile = latents => File.Exists(Path.Combine(folder, latents)) ? null : "must be a file, relative to the spec",
        };
        return new SpecFile(await File.ReadAllTextAsync(path, cancellationToken), context, folder, packs, store);
    }

    /// <summary>The manifest of a checked spec's pack.</summary>
    public Task<PackManifest> Manifest(string pack, CancellationToken cancellationToken) => _packs.Manifest(pack, cancellationToken);

    /// <summary>Makes sure that the store holds the pack of a checked spec.</summary>
    public Task<Digest> PublishPack(string pack, CancellationToken cancellationToken) => _packs.Publish(pack, cancellationToken);

    /// <summary>Makes sure that the store holds the latents of a checked spec; null for a bank that is sampled.</summary>
    public async Task<Digest?> PutLatents(BankSpec bank, CancellationToken cancellationToken)
    {
        if (bank.Source != BankSource.File) return null;
        await using FileStream content = File.OpenRead(Path.Combine(_folder, bank.Path!));
        return (await _store.Put(content, MediaTypes.Safetensors, cancellationToken)).Digest;
    }

    private static PackManifest ManifestNow(PackSource packs, string pack, CancellationToken cancellationToken) =>
        packs.Manifest(pack, cancellationToken).GetAwaiter().GetResult(); // the reader's callbacks are synchronous
}
