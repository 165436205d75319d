using StyleClip.Cluster.Gradients;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Jobs;

/// <summary>A worker's sign of life.</summary>
[GenerateSerializer, Immutable]
public sealed record WorkerProgress
{
    /// <summary>The grant that it works under.</summary>
    [Id(0)] public required Guid Lease { get; init; }

    /// <summary>What the worker does before its first step, such as preparing the bank.</summary>
    [Id(1)] public string? Activity { get; init; }

    [Id(2)] public StepReport? LastStep { get; init; }

    [Id(3)] public ValidationReport? LastValidation { get; init; }

    /// <summary>Updates per second since the last report; absent before there are any.</summary>
    [Id(4)] public double? StepsPerSecond { get; init; }

    /// <summary>Steps done, where a step measures nothing: ranges of a direction table.</summary>
    [Id(6)] public int? StepsDone { get; init; }

    /// <summary>What the worker is; absent until it has loaded the pack.</summary>
    [Id(5)] public MemberIdentity? Identity { get; init; }
}
