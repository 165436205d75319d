using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Membership;
using StyleClip.Cluster.Nodes;
using StyleClip.Gateway.Metrics;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Nodes;

/// <summary>One <c>styleclip node</c>: joins, serves until it is told to stop, hands its work back and leaves.</summary>
internal sealed class NodeSession(NodeRequest request)
{
    /// <summary>Beyond the drain limit, for what obeys it late.</summary>
    private static readonly TimeSpan LeaveGrace = TimeSpan.FromSeconds(5);

    public async Task<int> Run(CancellationToken cancellationToken)
    {
        try
        {
            if (request.RedisConnection is { } redis && await RedisReach.Mistake("--redis", redis, cancellationToken) is { } mistake) return Refuse(mistake);
            using StoreLock? shared = ArtifactStores.IsFolder(request.Store) ? StoreLock.Join(request.Store) : null;
            IArtifactStore store = ArtifactStores.Open(request.Store);
            using IDisposable? closing = store as IDisposable;
            using IHost host = NodeHost.Build(request, store);
            if (await FindHolder(host, cancellationToken) is { } holder)
            {
                return Refuse($"A node named '{request.Name}' is alive at {holder}. Names are unique in a cluster: give this one another with --name.");
            }

            await using MetricsServer? metrics = request.Metrics is { } served ? await MetricsServer.Start(served, cancellationToken) : null;
            return await Serve(host, metrics, cancellationToken);
        }
        catch (Exception exception) when (exception
            is DeviceMissingException or StoreInUseException or RedisException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Refuse(exception.Message);
        }
    }

    private async Task<int> Serve(IHost host, MetricsServer? metrics, CancellationToken cancellationToken)
    {
        await host.StartAsync(cancellationToken);
        if (metrics is not null) Console.WriteLine($"Metrics at {metrics.Address}");
        Console.WriteLine(Greeting(host));
        try
        {
            await WaitForLeave(host, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException or AggregateException { InnerException: OperationCanceledException })
        {
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Node {request.Name} did not finish draining within {request.DrainLimit.TotalSeconds:0} s; its jobs go on from their newest checkpoints."));
            return ExitCodes.NodeFailed;
        }

        // A node whose devices' service broke stops as well; its supervisor should start it again.
        if (host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true }))
            return ExitCodes.NodeFailed;
        Console.WriteLine($"Node {request.Name} has left the cluster.");
        return ExitCodes.Success;
    }

    // The host's own limit ends what listens to it. Where the membership is out of reach, Orleans does not: it tries for two minutes to say
    // that this node leaves.
    private async Task WaitForLeave(IHost host, CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration told = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        Task left = host.WaitForShutdownAsync(cancellationToken);
        await Task.WhenAny(left, stopping.Task);
        await left.WaitAsync(request.DrainLimit + LeaveGrace, CancellationToken.None);
    }

    private Task<string?> FindHolder(IHost host, CancellationToken cancellationToken) =>
        ActivatorUtilities.CreateInstance<NodeNames>(host.Services).FindHolder(request.Name, cancellationToken);

    private string Greeting(IHost host)
    {
        NodeDescription node = host.Services.GetRequiredService<INodeDevices>().Description;
        EndpointOptions endpoint = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Node {node.Name} is ready: {node.DeviceKinds.Length} x {node.DeviceKinds[0]}, cluster {request.ClusterId} in {request.Store}, "
            + $"silo {endpoint.AdvertisedIPAddress}:{endpoint.SiloPort}, clients {endpoint.AdvertisedIPAddress}:{endpoint.GatewayPort}, process {Environment.ProcessId}");
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine(reason);
        return ExitCodes.BadInput;
    }
}
