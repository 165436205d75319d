using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;

namespace StyleClip.Faults.Tests;

/// <summary>Looks at everything that a job left in the store.</summary>
internal static class StoredWork
{
    /// <summary>Passes where everything that the job and its catalogue entry name is there, whole and consistent.</summary>
    public static async Task RequireWhole(FaultCluster cluster, JobState job)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IArtifactStore store = cluster.Store;
        TrainingResult result = job.Result!;
        MapperCard card = await store.ReadJson<MapperCard>(job.Card!.Digest, cancellationToken);
        Assert.Equal((result.Mapper, result.Strip, result.Steps), (card.Mapper, card.Strip, card.Steps));
        await store.Read(card.Mapper, cancellationToken);
        await store.Read(card.Strip, cancellationToken);
        CheckpointManifest checkpoint = await store.ReadJson<CheckpointManifest>(job.Checkpoint!.Digest, cancellationToken);
        Assert.Equal(job.CheckpointStep, checkpoint.Step);
        await store.Read(checkpoint.State, cancellationToken);

        CatalogueEntry entry = (await new Catalogue(store).Find(card.Slug, cancellationToken))!;
        Assert.Equal([card.Mapper], entry.Versions.Select(version => version.Mapper)); // published once, whoever published it

        if (!cluster.IsFolder) return;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(store.Location, "blobs", "sha256"), "*", SearchOption.AllDirectories))
            Assert.Equal(Path.GetFileName(file), Digest.Of(await File.ReadAllBytesAsync(file, cancellationToken)).Hex);
    }
}
