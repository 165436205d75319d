using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;

namespace StyleClip.Node.Tests;

/// <summary>A silo with the real grains and CPU devices that train the demo pack's networks, over a store of the test's choice.</summary>
internal sealed class TrainingCluster : IAsyncDisposable
{
    public const int Steps = 24;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly IHost _host;

    private TrainingCluster(IHost host) => _host = host;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<TrainingCluster> Start(IArtifactStore store, string cache, int devices = 1, string node = "n1")
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(store);
        builder.UseOrleans(silo => silo
            .UseSingleNodeCluster(node)
            .AddStyleClipNode(new NodeOptions { Name = node, Device = DeviceChoice.Cpu, Devices = devices, CacheDirectory = cache }));
        IHost host = builder.Build();
        await host.StartAsync(Ct);
        return new TrainingCluster(host);
    }

    /// <summary>A sweep of one prompt that trains for seconds.</summary>
    public static async Task<SweepPlan> Plan(IArtifactStore store)
    {
        string folder = typeof(TrainingCluster).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "DemoPack").Value!;
        var job = new JobSpec
        {
            Prompt = "a face with red hair",
            Pack = await new PackLibrary(store).Publish(folder, Ct),
            Bank = new BankSpec { Count = 32, Validation = 8, ShardSize = 20 },
            Recipe = new RecipeSpec
            {
                Name = "short",
                Steps = Steps,
                Batch = new BatchRecipe { Size = 4, MicroShards = 2 },
                Validation = new ValidationRecipe { EverySteps = 8 },
                CheckpointEverySteps = 5,
                StripFaces = 2,
            },
            Seed = 11,
            Gate = new GateSpec(),
        };
        return new SweepPlan { Name = "one", Jobs = [job] };
    }

    public async Task Submit(SweepPlan plan) => await Sweep(plan).Submit(plan, Ct);

    public async Task Pause(SweepPlan plan) => await Sweep(plan).Pause(Ct);

    public async Task Resume(SweepPlan plan) => await Sweep(plan).Resume(Ct);

    /// <summary>Follows the sweep until its job satisfies <paramref name="moment"/>.</summary>
    public async Task<JobStatus> Await(SweepPlan plan, string what, Func<JobStatus, bool> moment)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        JobStatus? last = null;
        try
        {
            await foreach (SweepUpdate update in Sweep(plan).Watch(0, limit.Token))
            {
                if (update.Jobs is [var job]) last = job;
                if (last is not null && moment(last)) return last;
            }
        }
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            // said below
        }

        throw new TimeoutException($"The job never {what}: it is {last}.");
    }

    /// <summary>Waits for the end; the trained mapper.</summary>
    public async Task<Digest> Mapper(SweepPlan plan)
    {
        JobStatus job = await Await(plan, "ended", job => job.Phase.HasEnded());
        Assert.True(job.Phase == JobPhase.Succeeded, $"The job ended as {job}.");
        return job.Mapper!.Digest;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private ISweepGrain Sweep(SweepPlan plan) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISweepGrain>(plan.Id.Value);
}
