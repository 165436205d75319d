using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Checkpoints;

/// <summary>A complete checkpoint in the store.</summary>
/// <param name="Reference">The manifest as an artifact: what a job's record keeps.</param>
/// <param name="Manifest">What it says.</param>
public sealed record StoredCheckpoint(ArtifactRef Reference, CheckpointManifest Manifest);
