namespace StyleClip.Contracts.Validation;

/// <summary>A place in a document, such as <c>prompts[2].text</c>.</summary>
internal sealed class SpecPath
{
    private const int LongestKey = 80;

    private readonly SpecPath? _parent;
    private readonly string _segment;

    private SpecPath(SpecPath? parent, string segment)
    {
        _parent = parent;
        _segment = segment;
    }

    public static SpecPath Root { get; } = new(null, string.Empty);

    public SpecPath Field(string name) => new(this, name);

    public SpecPath Item(int index) => new(this, $"[{index}]");

    // Put together only for a mistake: a path per node of a hostile document would cost its size squared.
    public override string ToString()
    {
        if (_parent is null) return string.Empty;
        string parent = _parent.ToString();
        string segment = _segment.Length > LongestKey ? _segment[..LongestKey] + "..." : _segment;
        return parent.Length == 0 || segment.StartsWith('[') ? parent + segment : $"{parent}.{segment}";
    }
}
