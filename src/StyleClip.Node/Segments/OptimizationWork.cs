using StyleClip.Models.Packs;
using StyleClip.Training.LatentOptimization;

namespace StyleClip.Node.Segments;

/// <summary>Optimises latents towards the prompt, one after the other.</summary>
internal sealed class OptimizationWork(SegmentContext context) : ISegmentWork
{
    public async Task<SegmentOutcome> Run(FrozenNetworks networks, SegmentObserver observer)
    {
        ReadOnlyMemory<byte>? latentFile = await context.ReadLatentFile();
        byte[]? state = await context.ReadState();
        context.Progress.Activity = "starts optimising";
        return await context.Device.Thread.Invoke(
            () =>
            {
                using var optimization = new PromptOptimization(context.Spec, networks, latentFile, state, context.Labels);
                return new SegmentOutcome(optimization.Run(observer, context.Control.Stop, context.Control.Abandon));
            },
            context.Control.Stop);
    }
}
