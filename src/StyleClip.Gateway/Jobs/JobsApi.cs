using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Gateway.Problems;
using StyleClip.Gateway.Security;

namespace StyleClip.Gateway.Jobs;

/// <summary><c>/v1/sweeps/SWEEP/jobs</c>. The list of a sweep's jobs is part of the sweep.</summary>
internal static class JobsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        RouteGroupBuilder jobs = api.MapGroup("/sweeps/{sweep:name}/jobs/{job:name}").WithTags("jobs");
        jobs.MapGet("", (string sweep, string job, IGrainFactory grains, JobIndex index, CancellationToken ct) => OfJob(sweep, job, grains, index, grain => grain.Status(ct), ct))
            .Needs(ApiRole.Read).WithName("getJob").WithSummary("How a job stands.").Produces<JobStatus>().Refuses(ProblemKind.NotFound);
        jobs.MapGet("/log", (string sweep, string job, IGrainFactory grains, JobIndex index, CancellationToken ct) => OfJob(sweep, job, grains, index, grain => grain.Log(ct), ct))
            .Needs(ApiRole.Read).WithName("getJobLog").WithSummary("The newest lines of a job's log, oldest first.").Produces<IReadOnlyList<JobLogEntry>>().Refuses(ProblemKind.NotFound);
        Verb(jobs, "pause", "Let the job write a checkpoint and stand still.", (job, ct) => job.Pause(ct));
        Verb(jobs, "resume", "Let a paused job go on.", (job, ct) => job.Resume(ct));
        Verb(jobs, "cancel", "End the job.", (job, ct) => job.Cancel(ct));
    }

    private static void Verb(RouteGroupBuilder jobs, string verb, string summary, Func<IJobGrain, CancellationToken, Task<JobStatus>> act) =>
        jobs.MapPost("/" + verb, (string sweep, string job, IGrainFactory grains, JobIndex index, CancellationToken ct) => OfJob(sweep, job, grains, index, grain => act(grain, CancellationToken.None), ct))
            .Needs(ApiRole.Submit).WithName(verb + "Job").WithSummary(summary).Produces<JobStatus>().Refuses(ProblemKind.NotFound);

    private static async Task<IResult> OfJob<T>(string sweep, string job, IGrainFactory grains, JobIndex index, Func<IJobGrain, Task<T>> call, CancellationToken cancellationToken)
    {
        var key = new JobKey(sweep, job);
        return await index.Contains(key, cancellationToken).ConfigureAwait(false)
            ? TypedResults.Ok(await call(grains.GetGrain<IJobGrain>(key.ToString())).ConfigureAwait(false))
            : ProblemResult.NotFound("job", key);
    }
}
