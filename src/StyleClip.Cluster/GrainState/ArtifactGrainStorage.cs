using Orleans.Storage;
using StyleClip.Contracts.Json;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.GrainState;

/// <summary>
/// Grain state as small JSON documents in the artifact store, changed by compare-and-swap: of two activations of one grain, the second
/// writer learns at its first write that it is not alone, and Orleans puts it down.
/// </summary>
internal sealed class ArtifactGrainStorage(IArtifactStore store) : IGrainStorage
{
    /// <summary>Name under which the provider is registered.</summary>
    public const string Name = "artifacts";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string name = DocumentName(stateName, grainId);
        StoredDocument? document = await store.ReadDocument(name, CancellationToken.None);
        grainState.State = document is null ? Activator.CreateInstance<T>() : ContractJson.FromBytes<T>(document.Content, name);
        grainState.ETag = document?.ETag;
        grainState.RecordExists = document is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string name = DocumentName(stateName, grainId);
        string? written = await store.WriteDocument(name, ContractJson.ToBytes(grainState.State), grainState.ETag, CancellationToken.None);
        grainState.ETag = written ?? throw new InconsistentStateException($"{name} was changed by somebody else.", "unknown", grainState.ETag ?? "none");
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string name = DocumentName(stateName, grainId);
        if (grainState.ETag is { } etag && !await store.DeleteDocument(name, etag, CancellationToken.None))
            throw new InconsistentStateException($"{name} was changed by somebody else.", "unknown", etag);
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static string DocumentName(string stateName, GrainId grainId) => $"grains/{stateName}/{grainId.Key}.json";
}
