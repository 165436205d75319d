using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Telemetry;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Node.Tests.Segments;

public sealed class BankPreparationTests : IDisposable
{
    private const int Latents = 320;
    private const string Node = "bank"; // other tests of this process prepare banks too

    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-bank-").FullName;

    [Fact]
    public async Task The_bank_of_one_prompt_is_prepared_by_every_device_that_joins_its_job()
    {
        using var store = new DirectoryArtifactStore(Path.Combine(_folder, "store"));
        SweepPlan plan = await TrainingCluster.Plan(store);
        plan = plan with { Jobs = [plan.Jobs[0] with { Bank = plan.Jobs[0].Bank with { Count = Latents - plan.Jobs[0].Bank.Validation } }] };
        ConcurrentDictionary<string, long> prepared = new();
        using MeterListener listener = Listen(prepared);

        await using TrainingCluster cluster = await TrainingCluster.Start(store, Path.Combine(_folder, "cache"), devices: 2, Node);
        await cluster.Submit(plan);
        await cluster.Mapper(plan);

        Assert.Equal(["cpu-0", "cpu-1"], prepared.Keys.Order());
        Assert.Equal(Latents, prepared.Values.Sum()); // none of them twice
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static MeterListener Listen(ConcurrentDictionary<string, long> prepared)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == StyleClipMeter.Name && instrument.Name == "styleclip_bank_latents") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            Dictionary<string, object?> labels = new(tags.ToArray());
            if (labels["node"] is Node) prepared.AddOrUpdate((string)labels["device"]!, count, (_, before) => before + count);
        });
        listener.Start();
        return listener;
    }
}
