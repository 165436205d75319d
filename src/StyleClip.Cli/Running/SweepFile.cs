using System.Collections.Concurrent;
using StyleClip.Cli.Packs;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Models.Clip;
using StyleClip.Models.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;

namespace StyleClip.Cli.Running;

/// <summary>A sweep spec on disk, with the pack, recipes and latents that it names.</summary>
internal static class SweepFile
{
    /// <summary>Reads and checks the spec, and brings its pack and latents into the store.</summary>
    /// <exception cref="SpecException">The spec has mistakes; the store is untouched.</exception>
    public static async Task<SweepPlan> Plan(string path, IArtifactStore store, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        PackSource packs = await PackSource.Open(new PackLibrary(store), folder, cancellationToken);
        var tokenizers = new ConcurrentDictionary<string, ITextTokenizer>(StringComparer.Ordinal);
        SweepSpecContext context = SweepSpecContext.ForFile(path) with
        {
            CheckPack = packs.Check,
            CheckText = (pack, text) => TextCheck.Check(tokenizers.GetOrAdd(pack, name => PackTokenizers.Create(Manifest(packs, name, cancellationToken))), text),
            CheckTable = (pack, table) => table.Problem(Manifest(packs, pack, cancellationToken).Generator),
            CheckLatentFile = latents => File.Exists(Path.Combine(folder, latents)) ? null : "must be a file, relative to the spec",
        };
        string yaml = await File.ReadAllTextAsync(path, cancellationToken);
        SweepSpec spec = SweepSpecReader.Read(yaml, path, context);

        Digest pack = await packs.Publish(spec.Pack, cancellationToken);
        Digest? latentFile = spec.Bank.Source == BankSource.File ? await PutLatents(Path.Combine(folder, spec.Bank.Path!), store, cancellationToken) : null;
        return SweepPlan.Of(spec, pack, (await packs.Manifest(spec.Pack, cancellationToken)).Generator, latentFile);
    }

    private static PackManifest Manifest(PackSource packs, string pack, CancellationToken cancellationToken) =>
        packs.Manifest(pack, cancellationToken).GetAwaiter().GetResult(); // the reader's callbacks are synchronous

    private static async Task<Digest> PutLatents(string path, IArtifactStore store, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(path);
        return (await store.Put(content, MediaTypes.Safetensors, cancellationToken)).Digest;
    }
}
