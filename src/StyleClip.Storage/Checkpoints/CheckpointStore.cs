using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Checkpoints;

/// <summary>Checkpoints in an artifact store: parts first, manifest last, so that a manifest that can be read is complete.</summary>
public sealed class CheckpointStore(IArtifactStore store)
{
    /// <summary>Stores a checkpoint. Storing the same one again changes nothing.</summary>
    public async Task<StoredCheckpoint> Write(CheckpointDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArtifactRef state = await store.Put(draft.State, MediaTypes.Safetensors, cancellationToken).ConfigureAwait(false);
        ArtifactRef? strip = draft.Strip is { } picture ? await store.Put(picture, MediaTypes.Png, cancellationToken).ConfigureAwait(false) : null;
        var manifest = new CheckpointManifest
        {
            Job = draft.Job,
            Epoch = draft.Epoch,
            Step = draft.Step,
            State = state,
            Strip = strip,
            Validation = draft.Validation,
            Best = draft.Best,
            DeviceKind = draft.DeviceKind,
            Build = draft.Build,
        };
        return new StoredCheckpoint(await store.PutJson(manifest, cancellationToken).ConfigureAwait(false), manifest);
    }

    /// <summary>Reads a checkpoint's manifest and makes sure that its parts are there.</summary>
    /// <exception cref="ArtifactMissingException">The manifest or a part is not in the store.</exception>
    /// <exception cref="ArtifactCorruptException">The manifest is damaged.</exception>
    public async Task<CheckpointManifest> Read(ArtifactRef reference, CancellationToken cancellationToken)
    {
        byte[] bytes = await store.Read(reference, cancellationToken).ConfigureAwait(false);
        var manifest = ContractJson.FromBytes<CheckpointManifest>(bytes, $"Checkpoint {reference.Digest}");
        foreach (ArtifactRef part in new[] { manifest.State, manifest.Strip }.OfType<ArtifactRef>())
        {
            if (!await store.Exists(part.Digest, cancellationToken).ConfigureAwait(false))
                throw new ArtifactMissingException(part.Digest, store.Location);
        }

        return manifest;
    }

    /// <summary>Reads the training state of a checkpoint, verified.</summary>
    /// <exception cref="ArtifactMissingException">It is not in the store.</exception>
    /// <exception cref="ArtifactCorruptException">It is damaged: an older checkpoint may be whole.</exception>
    public Task<byte[]> ReadState(CheckpointManifest manifest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return store.Read(manifest.State, cancellationToken);
    }
}
