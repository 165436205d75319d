using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Jobs;

/// <summary>Which jobs there are, as the store has them; how each stands, its grain says.</summary>
public sealed class JobIndex(IArtifactStore store)
{
    /// <summary>True where the job was submitted.</summary>
    public async Task<bool> Contains(JobKey job, CancellationToken cancellationToken) =>
        await store.ReadDocument($"grains/job/{job}.json", cancellationToken) is not null;
}
