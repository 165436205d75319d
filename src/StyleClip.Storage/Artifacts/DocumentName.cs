using System.Buffers;

namespace StyleClip.Storage.Artifacts;

/// <summary>Which names documents may have: nothing that could leave the store or that one of the back ends cannot hold.</summary>
public static class DocumentName
{
    private const int MaxLength = 400;
    private const int MaxSegment = 120;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Passes where <paramref name="name"/> is one or more segments of <c>[a-z0-9._-]</c> with '/' between them.</summary>
    /// <exception cref="ArgumentException">It is not; the message says the rule.</exception>
    public static void Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > MaxLength) throw Refuse(name, $"is longer than {MaxLength} characters");
        foreach (string segment in name.Split('/'))
        {
            if (segment.Length is 0 or > MaxSegment)
                throw Refuse(name, $"has a segment of {segment.Length} characters (1 to {MaxSegment} are allowed)");
            if (segment[0] == '.' || segment[^1] == '.') throw Refuse(name, "has a segment that begins or ends with a dot");
            if (segment.AsSpan().ContainsAnyExcept(Allowed)) throw Refuse(name, "may only have a-z, 0-9, '.', '_', '-' and '/' between segments");
        }
    }

    /// <summary>Passes where some allowed name can begin with <paramref name="prefix"/>; the empty prefix stands for every name.</summary>
    /// <exception cref="ArgumentException">None can.</exception>
    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        // A prefix may end inside a segment: completed by a letter it must be a name.
        if (prefix.Length > 0) Require(prefix + "x");
    }

    private static ArgumentException Refuse(string name, string rule) =>
        new($"The document name '{(name.Length > 80 ? name[..80] + "..." : name)}' {rule}.", nameof(name));
}
