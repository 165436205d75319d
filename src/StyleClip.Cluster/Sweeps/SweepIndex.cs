using System.Runtime.CompilerServices;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Sweeps;

/// <summary>Which sweeps there are, as the store has them; how each stands, its grain says.</summary>
public sealed class SweepIndex(IArtifactStore store)
{
    private const string Prefix = "grains/sweep/";
    private const string Suffix = ".json";

    /// <summary>Every sweep that was ever submitted, in ordinal order of the ids.</summary>
    public async IAsyncEnumerable<SweepId> List([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string document in store.ListDocuments(Prefix, cancellationToken))
            yield return new SweepId(document[Prefix.Length..^Suffix.Length]);
    }

    /// <summary>True where the sweep was submitted.</summary>
    public async Task<bool> Contains(SweepId sweep, CancellationToken cancellationToken) =>
        await store.ReadDocument(Prefix + sweep + Suffix, cancellationToken) is not null;
}
