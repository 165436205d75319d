using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Comparisons;

/// <summary>What a method made of a prompt.</summary>
public sealed record ComparisonCell
{
    /// <summary>The method.</summary>
    public required ComparisonMethod Method { get; init; }

    /// <summary>The job that made it.</summary>
    public required JobId Job { get; init; }

    /// <summary>Where the job stands. Without a <see cref="Result"/> there are no numbers.</summary>
    public required JobPhase Phase { get; init; }

    /// <summary>Why it stands there, where that needs saying.</summary>
    public string? Reason { get; init; }

    /// <summary>The mapper, direction or latents.</summary>
    public ArtifactRef? Result { get; init; }

    /// <summary>Updates that were done: of the mapper, or of all latents together.</summary>
    public required int Steps { get; init; }

    /// <summary>Seconds for the prompt, before any image is edited; absent for methods that have no such work.</summary>
    public MeasuredSeconds? PromptSeconds { get; init; }

    /// <summary>Seconds for each edited image.</summary>
    public MeasuredSeconds? ImageSeconds { get; init; }

    /// <summary>Means over the latents.</summary>
    public EditNumbers? Mean { get; init; }

    /// <summary>Of each latent, in order.</summary>
    public IReadOnlyList<EditNumbers> Latents { get; init; } = [];

    /// <summary>How alike the steps of the latents are.</summary>
    public StepSimilarity? StepSimilarity { get; init; }
}
