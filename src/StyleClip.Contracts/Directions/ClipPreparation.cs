namespace StyleClip.Contracts.Directions;

/// <summary>How 8-bit images become CLIP's input in a channel study.</summary>
public enum ClipPreparation
{
    /// <summary>CLIP's own preparation, bit for bit, one image at a time on the CPU.</summary>
    Exact,

    /// <summary>The same weights for a whole batch on its device; a value between two bytes may be rounded to the other one.</summary>
    OnDevice,
}
