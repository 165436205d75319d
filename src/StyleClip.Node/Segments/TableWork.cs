using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Directions;
using StyleClip.Models.Packs;
using StyleClip.Training.Mapping;

namespace StyleClip.Node.Segments;

/// <summary>
/// Measures a direction table. All members claim ranges until every one is done, whoever has them from whom: there is nothing that they
/// must agree on, and a member that is lost loses its claim alone. The leader puts the table together.
/// </summary>
internal sealed class TableWork(SegmentContext context) : ISegmentWork
{
    public async Task<SegmentOutcome> Run(FrozenNetworks networks, SegmentObserver observer)
    {
        await context.Join();
        int ranges = context.Spec.Recipe.Steps;
        var preparation = new TablePreparation(context, networks, context.Spec.Table!);
        (byte[] table, DirectionTableCard card) = await context.WithStore(async () =>
        {
            if (await preparation.Published() is { } published)
                return (await context.Services.Store.Read(published.Table, context.Control.Stop), published);
            await preparation.Measure(ranges, steps: ranges);
            await Lead();
            context.Progress.Activity = "puts the direction table together";
            return await preparation.Assemble(context.Spec.Prompt);
        });
        await Lead();
        var outcome = new TrainingOutcome(TrainingEnd.Finished, ranges, null, table, null, null);
        return new SegmentOutcome(outcome)
        {
            TableRows = card.Rows,
            TableFeatures = card.Features,
            DeviceSeconds = await context.WithStore(preparation.DeviceSeconds),
        };
    }

    /// <summary>Waits until this member leads. A follower stays until the job lets it go: the leader may yet be lost with its report untold.</summary>
    private async Task Lead()
    {
        long epoch = -1;
        while (true)
        {
            (JobView view, _) = await context.Views.After(epoch, context.Control.Stop);
            if (view.IndexOf(context.Lease) == 0) return;
            epoch = view.Epoch;
        }
    }
}
