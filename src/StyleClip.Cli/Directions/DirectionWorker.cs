using StyleClip.Cli.Devices;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Training.Directions;

namespace StyleClip.Cli.Directions;

/// <summary>One device at work on a table: claims a unit, measures it, stores it, and takes the next.</summary>
internal sealed class DirectionWorker(
    int index, LocalDevice device, DirectionTableSpec spec, DirectionBoard board, IArtifactStore store, BuildProgress progress)
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private readonly string _holder = $"{Slug.Of(Environment.MachineName)}-{Environment.ProcessId}-{index}";

    /// <summary>Works until every unit of the table is done, by whomever.</summary>
    public async Task Run(IReadOnlyList<DirectionRange> ranges, CancellationToken cancellationToken)
    {
        DirectionTableBuilder builder = await device.Invoke(networks => new DirectionTableBuilder(networks, spec), cancellationToken);
        try
        {
            byte[]? statistics = null;
            while (true)
            {
                DirectionWork work = await board.Claim(_holder, cancellationToken);
                progress.See(work.State);
                if (work.State.IsMeasured()) return;
                if (work.Unit is not { } unit)
                {
                    await Task.Delay(RetryPeriod, cancellationToken);
                    continue;
                }

                if (unit != DirectionBoard.StatisticsUnit) statistics ??= await store.Read(work.State.Statistics.Artifact!, cancellationToken);
                await Measure(unit, () => unit == DirectionBoard.StatisticsUnit
                    ? builder.MeasureStatistics(samples => progress.Report(index, unit, samples), cancellationToken)
                    : builder.MeasureRange(statistics!, ranges[unit - 1], images => progress.Report(index, unit, images), cancellationToken));
            }
        }
        finally
        {
            await device.Invoke(_ =>
            {
                builder.Dispose();
                return true;
            }, CancellationToken.None);
        }
    }

    // The measuring itself watches the token; what follows it is short, and a claim is always given back or turned into a result.
    private async Task Measure(int unit, Func<byte[]> measure)
    {
        bool isDone = false;
        progress.Report(index, unit, 0);
        try
        {
            Task<byte[]> measuring = device.Invoke(_ => measure(), CancellationToken.None);
            while (await Task.WhenAny(measuring, Task.Delay(DirectionBoard.RenewPeriod)) != measuring) await Renew(unit);
            ArtifactRef artifact = await store.Put(await measuring, MediaTypes.Safetensors, CancellationToken.None);
            progress.See(await board.Complete(unit, artifact, CancellationToken.None));
            isDone = true;
        }
        finally
        {
            progress.End(index, isDone);
            if (!isDone) await board.Release(_holder, unit, CancellationToken.None);
        }
    }

    private async Task Renew(int unit)
    {
        try
        {
            progress.See(await board.Renew(_holder, unit, CancellationToken.None));
        }
        catch (IOException)
        {
            // The store is away: the claim may expire, and somebody may measure the same numbers.
        }
    }
}
