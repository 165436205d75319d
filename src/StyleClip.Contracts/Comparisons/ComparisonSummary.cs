using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Comparisons;

/// <summary>A method over all prompts: means of the prompts' means, of those that have numbers.</summary>
public sealed record ComparisonSummary
{
    /// <summary>The method.</summary>
    public required ComparisonMethod Method { get; init; }

    /// <summary>The sweep of its jobs.</summary>
    public required SweepId Sweep { get; init; }

    /// <summary>Prompts that have numbers.</summary>
    public required int Prompts { get; init; }

    /// <summary>The means; absent without numbers.</summary>
    public EditNumbers? Mean { get; init; }

    /// <summary>How alike the steps of different latents are, mean over the prompts.</summary>
    public StepSimilarity? StepSimilarity { get; init; }

    /// <summary>Seconds before the first prompt, once per pack; absent for methods that need no preparation.</summary>
    public MeasuredSeconds? PreparationSeconds { get; init; }

    /// <summary>Seconds per prompt, before any image is edited; absent for methods that have no such work.</summary>
    public MeasuredSeconds? PromptSeconds { get; init; }

    /// <summary>Seconds per edited image.</summary>
    public MeasuredSeconds? ImageSeconds { get; init; }
}
