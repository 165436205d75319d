namespace StyleClip.Contracts.Recipes;

/// <summary>The levels of detail that a levels mapper may change. A level that is off has no parameters and a delta of zero.</summary>
[Flags]
public enum Levels
{
    /// <summary>No level: a mapper that changes nothing.</summary>
    None = 0,

    /// <summary>The first rows of W+: pose, shape of the head, hair style.</summary>
    Coarse = 1,

    /// <summary>The middle rows of W+: features of the face.</summary>
    Medium = 2,

    /// <summary>The remaining rows of W+: colours and texture.</summary>
    Fine = 4,

    /// <summary>Every level.</summary>
    All = Coarse | Medium | Fine,
}
