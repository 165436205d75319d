using System.Collections.Immutable;
using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Captions;

/// <summary>A text and what it claims.</summary>
internal sealed record Caption(string Text, ImmutableArray<Atom> Claims)
{
    /// <summary>How true all the claims together are of a face.</summary>
    public float Truth(Face face)
    {
        float product = 1;
        foreach (Atom claim in Claims) product *= claim.Truth(face);
        return product;
    }
}
