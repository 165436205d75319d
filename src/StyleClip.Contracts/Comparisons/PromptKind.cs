namespace StyleClip.Contracts.Comparisons;

/// <summary>How much of an image a prompt concerns: the paper compares methods on one prompt of each kind.</summary>
public enum PromptKind
{
    /// <summary>Many attributes at once, identity among them.</summary>
    Complex,

    /// <summary>One attribute that changes shapes.</summary>
    Middle,

    /// <summary>One attribute of detail.</summary>
    Simple,
}
