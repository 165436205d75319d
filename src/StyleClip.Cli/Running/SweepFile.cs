using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Running;

/// <summary>A sweep spec on disk, with the pack, recipes and latents that it names.</summary>
internal static class SweepFile
{
    /// <summary>Reads and checks the spec, and brings its pack and latents into the store.</summary>
    /// <exception cref="SpecException">The spec has mistakes; the store is untouched.</exception>
    public static async Task<SweepPlan> Plan(string path, IArtifactStore store, CancellationToken cancellationToken)
    {
        SpecFile file = await SpecFile.Open(path, store, cancellationToken);
        SweepSpec spec = SweepSpecReader.Read(file.Yaml, path, file.Context);
        Digest pack = await file.PublishPack(spec.Pack, cancellationToken);
        return SweepPlan.Of(spec, pack, (await file.Manifest(spec.Pack, cancellationToken)).Generator, await file.PutLatents(spec.Bank, cancellationToken));
    }
}
