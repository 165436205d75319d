using StyleClip.Contracts.Edits;
using StyleClip.Models.Packs;

namespace StyleClip.Node.Segments;

/// <summary>What a segment does for its kind of job, from the loaded pack to the outcome.</summary>
internal interface ISegmentWork
{
    /// <summary>Gets what else is needed, and computes on the device thread until the job is over or paused. What it put on the device is gone then.</summary>
    /// <param name="networks">The pack's networks; they stay the device's.</param>
    /// <param name="observer">Takes steps and checkpoints.</param>
    /// <exception cref="OperationCanceledException">It was stopped where there is nothing to keep, or abandoned.</exception>
    Task<SegmentOutcome> Run(FrozenNetworks networks, SegmentObserver observer);

    /// <summary>The work that a segment's job asks for.</summary>
    static ISegmentWork Of(SegmentContext context) => context.Spec switch
    {
        { Table: not null } => new TableWork(context),
        { Method: EditMethod.Direction } => new PromptDirectionWork(context),
        { Method: EditMethod.Optimization } => new OptimizationWork(context),
        _ => new MapperWork(context),
    };
}
