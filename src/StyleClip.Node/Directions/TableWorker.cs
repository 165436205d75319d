using System.Collections.Immutable;
using System.Diagnostics;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Training.Devices;
using StyleClip.Training.Directions;

namespace StyleClip.Node.Directions;

/// <summary>One device at work on a direction table: claims a unit, measures it, stores it, and takes the next.</summary>
public sealed class TableWorker(string holder, DeviceThread device, FrozenNetworks networks, DirectionTableSpec spec, IArtifactStore store, DirectionBoard board)
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Works until every unit of the table is done, by whomever. What it had claimed when it is ended is given back.</summary>
    public async Task Run(ITableProgress progress, CancellationToken cancellationToken)
    {
        DirectionTableBuilder builder = await device.Invoke(() => new DirectionTableBuilder(networks, spec), cancellationToken);
        try
        {
            byte[]? statistics = null;
            while (true)
            {
                DirectionWork work = await board.Claim(holder, cancellationToken);
                progress.See(work.State);
                if (work.State.IsMeasured()) return;
                if (work.Unit is not { } unit)
                {
                    await Task.Delay(RetryPeriod, cancellationToken);
                    continue;
                }

                ImmutableArray<DirectionRange> ranges = builder.Ranges(work.State.RangeSize);
                if (unit != DirectionBoard.StatisticsUnit) statistics ??= await store.Read(work.State.Statistics.Artifact!, cancellationToken);
                await Measure(unit, progress, () => unit == DirectionBoard.StatisticsUnit
                    ? builder.MeasureStatistics(samples => progress.Report(unit, samples), cancellationToken)
                    : builder.MeasureRange(statistics!, ranges[unit - 1], images => progress.Report(unit, images), cancellationToken));
            }
        }
        finally
        {
            await device.Invoke(
                () =>
                {
                    builder.Dispose();
                    return true;
                },
                CancellationToken.None);
        }
    }

    // The measuring itself watches the token; what follows it is short, and a claim is always given back or turned into a result.
    private async Task Measure(int unit, ITableProgress progress, Func<byte[]> measure)
    {
        bool isDone = false;
        progress.Report(unit, 0);
        try
        {
            Task<(byte[] Numbers, TimeSpan Took)> measuring = device.Invoke(() =>
            {
                long began = Stopwatch.GetTimestamp();
                return (measure(), Stopwatch.GetElapsedTime(began));
            });
            while (await Task.WhenAny(measuring, Task.Delay(DirectionBoard.RenewPeriod)) != measuring) await Renew(unit, progress);
            (byte[] numbers, TimeSpan took) = await measuring;
            ArtifactRef artifact = await store.Put(numbers, MediaTypes.Safetensors, CancellationToken.None);
            progress.See(await board.Complete(unit, artifact, took, CancellationToken.None));
            isDone = true;
        }
        finally
        {
            progress.End(isDone);
            if (!isDone) await board.Release(holder, unit, CancellationToken.None);
        }
    }

    private async Task Renew(int unit, ITableProgress progress)
    {
        try
        {
            progress.See(await board.Renew(holder, unit, CancellationToken.None));
        }
        catch (IOException)
        {
            // The store is away: the claim may expire, and somebody may measure the same numbers.
        }
    }
}
