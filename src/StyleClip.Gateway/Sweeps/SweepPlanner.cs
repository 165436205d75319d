using System.Collections.Concurrent;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Gateway.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;

namespace StyleClip.Gateway.Sweeps;

/// <summary>Reads specs that come over HTTP. They name packs and latents that the store holds, never files.</summary>
internal sealed class SweepPlanner(IArtifactStore store, PackLibrary packs, DirectionLibrary tables, IPackTexts texts)
{
    /// <summary>What mistakes call the spec; a client that read it from a file puts the file's name there.</summary>
    public const string SpecName = "sweep";

    private readonly ConcurrentDictionary<Digest, PackManifest> _manifests = new();

    /// <summary>Expands a spec.</summary>
    /// <param name="spec">YAML or JSON.</param>
    /// <param name="latents">The uploaded latent file, where the spec's own path means nothing here.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SpecException">The spec has mistakes.</exception>
    public async Task<SweepPlan> Plan(string spec, Digest? latents, CancellationToken cancellationToken)
    {
        var known = new SortedDictionary<string, Digest>(StringComparer.Ordinal);
        await foreach (PackPointer pointer in packs.List(cancellationToken).ConfigureAwait(false)) known[pointer.Name] = pointer.Pack;
        var context = new SweepSpecContext
        {
            CheckPack = name => known.ContainsKey(name) ? null : $"must be one of the cluster's packs: {(known.Count == 0 ? "there is none" : string.Join(", ", known.Keys))}",
            CheckText = (name, text) => texts.Check(known[name], Manifest(known[name], cancellationToken), text),
            CheckTable = (name, table) => table.Problem(Manifest(known[name], cancellationToken).Generator),
            CheckTableName = (name, table) => tables.NameProblem(known[name], table.Name, table.Spec, cancellationToken).GetAwaiter().GetResult(),
            CheckLatentFile = path => CheckLatents(latents ?? Parse(path), cancellationToken),
        };
        SweepSpec read = SweepSpecReader.Read(spec, SpecName, context);
        Digest pack = known[read.Pack];
        Digest? latentFile = read.Bank.Source == BankSource.File ? latents ?? Parse(read.Bank.Path!) : null;
        return SweepPlan.Of(read, pack, Manifest(pack, cancellationToken).Generator, latentFile);
    }

    private static Digest? Parse(string path) => Digest.TryParse(path, out Digest digest) ? digest : null;

    // The reader's callbacks are synchronous; each of these asks the store once.
    private PackManifest Manifest(Digest pack, CancellationToken cancellationToken) =>
        _manifests.GetOrAdd(pack, digest => packs.Read(digest, cancellationToken).GetAwaiter().GetResult());

    private string? CheckLatents(Digest? latents, CancellationToken cancellationToken) => latents switch
    {
        null => "must be the digest of an artifact that was uploaded; a path means nothing to the gateway",
        { } digest when !store.Exists(digest, cancellationToken).GetAwaiter().GetResult() => $"must be uploaded first: the store has no {digest}",
        _ => null,
    };
}
