using System.Diagnostics;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Faults.Tests;

/// <summary>
/// Real node processes, one store, one job, one blow. Whatever happens on the way, the mapper's bytes are those of the undisturbed job of
/// width 1. By default a part of the cells is run in which every blow and every
/// width occurs; <c>STYLECLIP_FAULTS</c> chooses others: <c>all</c>, or for example <c>1:AllKilled,3:MemberKilled</c>.
/// </summary>
public sealed class FaultMatrixTests(FaultResults results, UndisturbedMapper undisturbed) : IClassFixture<FaultResults>
{
    /// <summary>Updates after which the blow falls: there is a checkpoint, and most of the work is still to be done.</summary>
    private const int StrikeAt = 50;

    /// <summary>A node that is added takes seconds to start: it must find the job at work.</summary>
    private const int AddAt = 5;

    private static readonly (int Width, Disturbance Disturbance)[] Representative =
    [
        (1, Disturbance.MemberFrozen),
        (1, Disturbance.AllKilled),
        (1, Disturbance.NodeAdded),
        (2, Disturbance.None),
        (2, Disturbance.MemberKilled),
        (2, Disturbance.CoordinatorKilled),
        (2, Disturbance.StoreGone),
        (3, Disturbance.MemberDrained),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int, Disturbance> Cells => [.. Chosen().Select(cell => new TheoryDataRow<int, Disturbance>(cell.Width, cell.Disturbance))];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task The_mapper_is_the_same_whatever_happens(int width, Disturbance disturbance)
    {
        long began = Stopwatch.GetTimestamp();
        await using BlobService? blobs = disturbance == Disturbance.StoreGone ? await BlobService.Start(Ct) : null;
        await using FaultCluster cluster = await FaultCluster.Create(blobs);
        var cell = new CellResult { Width = width, Disturbance = disturbance };
        bool grows = disturbance == Disturbance.NodeAdded;
        await cluster.StartNodes([.. Enumerable.Range(1, grows ? width : Math.Max(width, 2)).Select(number => $"n{number}")]);
        WatchedJob job = await cluster.Submit(grows ? width + 1 : width);

        if (disturbance != Disturbance.None)
        {
            int step = grows ? AddAt : StrikeAt;
            JobStatus before = await job.Until(
                $"{width} devices train and step {step} is done", status => status.Width >= width && status.LastStep?.Step >= step);
            await new Blow(cluster, job, cell).Strike(before, blobs);
        }

        JobState end = await job.End();
        Assert.True(end.Phase == JobPhase.Succeeded, $"{end.Phase}: {end.Reason}\n{cluster.Explain()}");
        cell.Sha256 = end.Result!.Mapper.Digest.Hex;
        cell.Whole = Stopwatch.GetElapsedTime(began);
        results.Add(cell);
        Assert.Equal(undisturbed.Sha256, cell.Sha256);
        await StoredWork.RequireWhole(cluster, end);
        await cluster.Stop();
    }

    private static IEnumerable<(int Width, Disturbance Disturbance)> Chosen()
    {
        string? wanted = Environment.GetEnvironmentVariable("STYLECLIP_FAULTS");
        if (wanted is null) return Representative;
        var every = from width in new[] { 1, 2, 3 } from disturbance in Enum.GetValues<Disturbance>() select (Width: width, Disturbance: disturbance);
        return wanted == "all" ? every : every.Where(cell => wanted.Split(',').Contains($"{cell.Width}:{cell.Disturbance}"));
    }
}
