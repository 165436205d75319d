using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Gateway.Problems;
using StyleClip.Gateway.Security;

namespace StyleClip.Gateway.Sweeps;

/// <summary><c>/v1/sweeps</c>.</summary>
internal static class SweepsApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        RouteGroupBuilder sweeps = api.MapGroup("/sweeps").WithTags("sweeps");
        sweeps.MapPost("", Submit).Needs(ApiRole.Submit).WithName("submitSweep")
            .WithSummary("Submit a sweep.")
            .WithDescription("The same spec is the same sweep: submitting it again answers 200 and starts only what is paused. Mistakes are listed all at once, each with line, path, value and rule.")
            .WithMetadata(new RequestSizeLimitAttribute(SpecBody.MaxBytes))
            .Accepts<string>(SpecBody.Yaml, SpecBody.Json)
            .Produces<SweepSubmission>(StatusCodes.Status201Created).Produces<SweepSubmission>()
            .Refuses(ProblemKind.InvalidRequest, ProblemKind.TooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.InvalidSpec);
        sweeps.MapPost("/outline", Outline).Needs(ApiRole.Read).WithName("outlineSweep")
            .WithSummary("Expand a spec into its jobs without submitting it.")
            .WithMetadata(new RequestSizeLimitAttribute(SpecBody.MaxBytes))
            .Accepts<string>(SpecBody.Yaml, SpecBody.Json)
            .Produces<SweepOutline>()
            .Refuses(ProblemKind.InvalidRequest, ProblemKind.TooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.InvalidSpec);
        sweeps.MapGet("", List).Needs(ApiRole.Read).WithName("listSweeps")
            .WithSummary("List sweeps, in the order of their ids.")
            .Produces<SweepPage>().Refuses(ProblemKind.InvalidRequest);
        sweeps.MapGet("/{sweep:name}", Show).Needs(ApiRole.Read).WithName("getSweep")
            .WithSummary("How a sweep and each of its jobs stand.")
            .Produces<SweepStatus>().Refuses(ProblemKind.NotFound);
        sweeps.MapGet("/{sweep:name}/events", SweepEvents.Stream).Needs(ApiRole.Read).WithName("watchSweep")
            .WithSummary("Follow a sweep as server-sent events.")
            .WithDescription("Each event `update` carries a SweepUpdate; its id is a cursor. A connection that breaks is made again with Last-Event-ID, on this or another gateway, and goes on with what changed since. The event `end` says that nothing more will come until the sweep is resumed.")
            .Produces<SweepUpdate>(StatusCodes.Status200OK, SweepEvents.MediaType).Refuses(ProblemKind.InvalidRequest, ProblemKind.NotFound);
        Verb(sweeps, "pause", "Let every job write a checkpoint and stand still.", (sweep, ct) => sweep.Pause(ct));
        Verb(sweeps, "resume", "Let a paused sweep go on.", (sweep, ct) => sweep.Resume(ct));
        Verb(sweeps, "cancel", "End every job that has not ended. What was published stays.", (sweep, ct) => sweep.Cancel(ct));
    }

    private static void Verb(RouteGroupBuilder sweeps, string verb, string summary, Func<ISweepGrain, CancellationToken, Task> act) =>
        sweeps.MapPost("/{sweep:name}/" + verb, async (string sweep, IGrainFactory grains, SweepIndex index, CancellationToken cancellationToken) =>
        {
            var id = new SweepId(sweep);
            if (!await index.Contains(id, cancellationToken).ConfigureAwait(false)) return (IResult)ProblemResult.NotFound("sweep", id);
            ISweepGrain grain = grains.GetGrain<ISweepGrain>(sweep);
            await act(grain, CancellationToken.None).ConfigureAwait(false); // a caller who goes away must not leave half of the jobs untold
            return TypedResults.Ok(await grain.Summary(cancellationToken).ConfigureAwait(false));
        }).Needs(ApiRole.Submit).WithName(verb + "Sweep").WithSummary(summary).Produces<SweepSummary>().Refuses(ProblemKind.NotFound);

    private static async Task<IResult> Submit(HttpContext http, SweepPlanner planner, SweepIndex index, IGrainFactory grains, string? latents, CancellationToken cancellationToken)
    {
        (SweepPlan? plan, ProblemResult? refusal) = await Plan(http.Request, planner, latents, cancellationToken).ConfigureAwait(false);
        if (plan is null) return refusal!;
        ISweepGrain sweep = grains.GetGrain<ISweepGrain>(plan.Id.Value);
        bool exists = await index.Contains(plan.Id, cancellationToken).ConfigureAwait(false);
        int started = exists ? StandingStill(await sweep.Summary(cancellationToken).ConfigureAwait(false)) : plan.Jobs.Count;
        await sweep.Submit(plan, CancellationToken.None).ConfigureAwait(false); // see Verb
        var submission = new SweepSubmission { Sweep = await sweep.Summary(cancellationToken).ConfigureAwait(false), Created = !exists, JobsStarted = started };
        return exists ? TypedResults.Ok(submission) : TypedResults.Created($"/v1/sweeps/{plan.Id}", submission);
    }

    private static int StandingStill(SweepSummary sweep) =>
        sweep.Jobs.GetValueOrDefault(JobPhase.Paused) + sweep.Jobs.GetValueOrDefault(JobPhase.Pausing);

    private static async Task<IResult> Outline(HttpContext http, SweepPlanner planner, SweepIndex index, string? latents, CancellationToken cancellationToken)
    {
        (SweepPlan? plan, ProblemResult? refusal) = await Plan(http.Request, planner, latents, cancellationToken).ConfigureAwait(false);
        if (plan is null) return refusal!;
        return TypedResults.Ok(new SweepOutline
        {
            Id = plan.Id,
            Exists = await index.Contains(plan.Id, cancellationToken).ConfigureAwait(false),
            Jobs = [.. plan.Jobs.Select(JobOutline.Of)],
        });
    }

    private static async Task<(SweepPlan? Plan, ProblemResult? Refusal)> Plan(HttpRequest request, SweepPlanner planner, string? latents, CancellationToken cancellationToken)
    {
        Digest? latentFile = Digest.TryParse(latents, out Digest digest) ? digest : null;
        if (latents is not null && latentFile is null) return (null, new ProblemResult(ProblemKind.InvalidRequest, "latents must be 'sha256:' and 64 hexadecimal digits."));
        (string? spec, ProblemResult? refusal) = await SpecBody.Read(request, cancellationToken).ConfigureAwait(false);
        if (spec is null) return (null, refusal);
        try
        {
            return (await planner.Plan(spec, latentFile, cancellationToken).ConfigureAwait(false), null);
        }
        catch (SpecException exception)
        {
            return (null, new ProblemResult(ProblemKind.InvalidSpec, exception.Message, exception.Mistakes));
        }
    }

    private static async Task<IResult> List(IGrainFactory grains, SweepIndex index, CancellationToken cancellationToken, int limit = DefaultLimit, string? after = null)
    {
        if (limit is < 1 or > MaxLimit) return new ProblemResult(ProblemKind.InvalidRequest, $"limit is {limit}; it must be 1 to {MaxLimit}.");
        var ids = new List<SweepId>(limit + 1);
        await foreach (SweepId sweep in index.List(cancellationToken).ConfigureAwait(false))
        {
            if (string.CompareOrdinal(sweep.Value, after) <= 0) continue;
            ids.Add(sweep);
            if (ids.Count > limit) break;
        }

        SweepSummary[] summaries = await Task.WhenAll(ids.Take(limit).Select(sweep => grains.GetGrain<ISweepGrain>(sweep.Value).Summary(cancellationToken))).ConfigureAwait(false);
        return TypedResults.Ok(new SweepPage { Items = summaries, Next = ids.Count > limit ? ids[limit - 1] : null });
    }

    private static async Task<IResult> Show(string sweep, IGrainFactory grains, SweepIndex index, CancellationToken cancellationToken) =>
        await index.Contains(new SweepId(sweep), cancellationToken).ConfigureAwait(false)
            ? TypedResults.Ok(await grains.GetGrain<ISweepGrain>(sweep).Status(cancellationToken).ConfigureAwait(false))
            : ProblemResult.NotFound("sweep", sweep);
}
