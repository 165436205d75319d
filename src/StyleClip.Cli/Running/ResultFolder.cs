using StyleClip.Cli.Running.Display;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Running;

/// <summary>
/// Copies of a sweep's results under names that people can read: <c>STORE/results/SWEEP/SLUG/{mapper.safetensors, card.json, strip.png}</c>;
/// <c>direction</c>, <c>latents</c> or <c>table</c> for the other methods. Jobs that share a slug, such as those of one prompt with other
/// overrides, have the job's id after it. The store itself names artifacts by digest.
/// </summary>
internal sealed class ResultFolder(string storeDirectory, IArtifactStore store)
{
    public async Task<IReadOnlyList<JobResult>> Write(SweepStatus sweep, CancellationToken cancellationToken)
    {
        var results = new List<JobResult>();
        HashSet<string> shared = [.. sweep.Jobs.GroupBy(job => job.Slug, StringComparer.Ordinal).Where(jobs => jobs.Count() > 1).Select(jobs => jobs.Key)];
        foreach (JobStatus job in sweep.Jobs)
        {
            string folder = Path.Combine(storeDirectory, "results", sweep.Id.Value, shared.Contains(job.Slug) ? $"{job.Slug}-{job.Id}" : job.Slug);
            string mapper = Path.Combine(folder, MethodText.FileName(job.Method, job.Table)), card = Path.Combine(folder, "card.json"), strip = Path.Combine(folder, "strip.png");
            results.Add(new JobResult
            {
                Job = job,
                MapperPath = await Copy(job.Mapper, mapper, cancellationToken),
                CardPath = await Copy(job.Card, card, cancellationToken),
                StripPath = await Copy(job.Strip, strip, cancellationToken),
            });
        }

        return results;
    }

    private async Task<string?> Copy(ArtifactRef? artifact, string path, CancellationToken cancellationToken)
    {
        if (artifact is null) return null;
        if (!await IsCurrent(artifact, path, cancellationToken))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string partial = path + ".partial";
            await File.WriteAllBytesAsync(partial, await store.Read(artifact, cancellationToken), cancellationToken);
            File.Move(partial, path, overwrite: true);
        }

        return path;
    }

    private static async Task<bool> IsCurrent(ArtifactRef artifact, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return false;
        await using FileStream content = File.OpenRead(path);
        return await Digest.OfAsync(content, cancellationToken) == artifact.Digest;
    }
}
