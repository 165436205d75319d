using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Packs;
using StyleClip.Training.Directions;

namespace StyleClip.Node.Segments;

/// <summary>Finds and measures a prompt's global direction. Where the direction table that it needs is not there, it helps to measure that first.</summary>
internal sealed class PromptDirectionWork(SegmentContext context) : ISegmentWork
{
    public async Task<SegmentOutcome> Run(FrozenNetworks networks, SegmentObserver observer)
    {
        DirectionTableSpec spec = (context.Spec.Recipe.Direction ?? new DirectionRecipe()).Table;
        ReadOnlyMemory<byte>? latentFile = await context.ReadLatentFile();
        byte[] table = await context.WithStore(() => Table(networks, spec));
        context.Progress.Activity = "measures the direction";
        return await context.Device.Thread.Invoke(
            () => new SegmentOutcome(PromptDirection.Run(context.Spec, networks, table, latentFile, context.Control.Stop)), context.Control.Stop);
    }

    private async Task<byte[]> Table(FrozenNetworks networks, DirectionTableSpec spec)
    {
        var preparation = new TablePreparation(context, networks, spec);
        if (await preparation.Published() is { } published) return await context.Services.Store.Read(published.Table, context.Control.Stop);
        await preparation.Measure(spec.RangeCount(networks.Manifest.Generator), steps: 0);
        (byte[] table, DirectionTableCard card) = await preparation.Assemble(spec.DefaultName());
        await preparation.Publish(card);
        return table;
    }
}
