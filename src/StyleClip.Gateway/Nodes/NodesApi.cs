using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StyleClip.Cluster.Scheduling;
using StyleClip.Contracts.Nodes;
using StyleClip.Gateway.Problems;
using StyleClip.Gateway.Security;

namespace StyleClip.Gateway.Nodes;

/// <summary><c>/v1/nodes</c>.</summary>
internal static class NodesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        RouteGroupBuilder nodes = api.MapGroup("/nodes").WithTags("nodes");
        nodes.MapGet("", async (IGrainFactory grains, CancellationToken ct) => TypedResults.Ok(await Scheduler(grains).Nodes(ct).ConfigureAwait(false)))
            .Needs(ApiRole.Read).WithName("listNodes").WithSummary("List the nodes, by name.");
        Verb(nodes, "cordon", "Give a node no new work; what runs goes on.", (scheduler, node, ct) => scheduler.Cordon(node, cordoned: true, ct));
        Verb(nodes, "uncordon", "Give a node work again, also after it was drained.", (scheduler, node, ct) => scheduler.Cordon(node, cordoned: false, ct));
        Verb(nodes, "drain", "Give a node no new work and move what runs elsewhere.", (scheduler, node, ct) => scheduler.Drain(node, ct));
    }

    private static ISchedulerGrain Scheduler(IGrainFactory grains) => grains.GetGrain<ISchedulerGrain>(0);

    private static void Verb(RouteGroupBuilder nodes, string verb, string summary, Func<ISchedulerGrain, string, CancellationToken, Task<bool>> act) =>
        nodes.MapPost("/{node:name}/" + verb, async (string node, IGrainFactory grains, CancellationToken cancellationToken) =>
        {
            ISchedulerGrain scheduler = Scheduler(grains);
            if (!await act(scheduler, node, CancellationToken.None).ConfigureAwait(false)) return ProblemResult.NotFound("node", node);
            NodeStatus? status = (await scheduler.Nodes(cancellationToken).ConfigureAwait(false)).FirstOrDefault(candidate => candidate.Name == node);
            return status is null ? ProblemResult.NotFound("node", node) : (IResult)TypedResults.Ok(status);
        }).Needs(ApiRole.Admin).WithName(verb + "Node").WithSummary(summary).Produces<NodeStatus>().Refuses(ProblemKind.NotFound);
}
