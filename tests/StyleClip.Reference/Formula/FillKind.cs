namespace StyleClip.Reference;

/// <summary>How an element follows from its pseudo-random number e in [-1, 1).</summary>
public enum FillKind
{
    /// <summary>offset + scale e.</summary>
    Linear,

    /// <summary>offset + scale |e|.</summary>
    Absolute,

    /// <summary>The offset alone.</summary>
    Constant,

    /// <summary>Not filled: the tensor keeps what the module computed itself.</summary>
    Keep,
}
