using Tags = System.ReadOnlySpan<System.Collections.Generic.KeyValuePair<string, object?>>;

namespace StyleClip.Gateway.Metrics;

/// <summary>Finds the series of a measurement without making anything: measurements come thousands of times a second.</summary>
internal sealed class TagsComparer : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<Tags, KeyValuePair<string, object?>[]>
{
    public static readonly TagsComparer Instance = new();

    public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals((Tags)x, y!);

    public bool Equals(Tags alternate, KeyValuePair<string, object?>[] other)
    {
        if (alternate.Length != other.Length) return false;
        for (int i = 0; i < other.Length; i++)
            if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value)) return false;
        return true;
    }

    public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode((Tags)obj);

    public int GetHashCode(Tags alternate)
    {
        var hash = default(HashCode);
        foreach ((string key, object? value) in alternate)
        {
            hash.Add(key);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public KeyValuePair<string, object?>[] Create(Tags alternate) => alternate.ToArray();
}
