namespace StyleClip.DemoWorld.World;

/// <summary>One face of the world: a value for every <see cref="Factor"/>.</summary>
internal sealed class Face
{
    private readonly float[] _values = new float[Factors.Count];

    public float this[Factor factor]
    {
        get => _values[(int)factor];
        set => _values[(int)factor] = value;
    }

    public ReadOnlySpan<float> Values => _values;

    /// <summary>The same person in another state: identity factors of this face, everything else of <paramref name="other"/>.</summary>
    public Face WithStateOf(Face other)
    {
        var result = new Face();
        other._values.CopyTo(result._values, 0);
        Array.Copy(_values, result._values, Factors.IdentityCount);
        return result;
    }
}
