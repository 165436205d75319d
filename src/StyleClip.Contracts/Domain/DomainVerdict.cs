namespace StyleClip.Contracts.Domain;

/// <summary>Whether a prompt is one that a pack's generator can draw.</summary>
public enum DomainVerdict
{
    /// <summary>The generator comes as near to the prompt as to prompts that it draws.</summary>
    Inside,

    /// <summary>It comes a little less near than to any of those prompts.</summary>
    Doubtful,

    /// <summary>It stays far below all of them.</summary>
    Outside,

    /// <summary>There is nothing to compare with: the pack has no calibration that was measured so.</summary>
    Uncalibrated,
}
