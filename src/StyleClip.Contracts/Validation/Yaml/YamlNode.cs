namespace StyleClip.Contracts.Validation.Yaml;

/// <summary>A line and a column of a file, both counted from 1.</summary>
internal readonly record struct YamlPlace(int Line, int Column);

/// <summary>A node of a YAML document, with its place.</summary>
internal abstract record YamlNode(YamlPlace Place)
{
    /// <summary>What stands there, for a message.</summary>
    public abstract string Describe();
}

/// <summary>A single value.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Value">Its text.</param>
/// <param name="IsPlain">True where it was written without quotes, so that it may be a number.</param>
internal sealed record YamlScalar(YamlPlace Place, string Value, bool IsPlain) : YamlNode(Place)
{
    private const int Longest = 60;

    /// <summary>True for an empty value, <c>null</c> and <c>~</c>.</summary>
    public bool IsNull => IsPlain && (Value is "" or "~" or "null" or "Null" or "NULL");

    public override string Describe()
    {
        if (IsNull) return "empty";
        string shown = new([.. Value.Take(Longest).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)]);
        string text = Value.Length > Longest ? shown + "..." : shown;
        return IsPlain ? text : $"\"{text}\"";
    }
}

/// <summary>A list.</summary>
internal sealed record YamlList(YamlPlace Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place)
{
    public override string Describe() => "a list";
}

/// <summary>A mapping. Each key is there once.</summary>
internal sealed record YamlMap(YamlPlace Place, IReadOnlyList<YamlEntry> Entries) : YamlNode(Place)
{
    public override string Describe() => "a mapping";
}

/// <summary>A key of a mapping and what it stands for.</summary>
internal sealed record YamlEntry(string Key, YamlPlace Place, YamlNode Value);

/// <summary>Something that was refused when the document was read; nothing more is said about it.</summary>
internal sealed record YamlRefused(YamlPlace Place) : YamlNode(Place)
{
    public override string Describe() => "refused";
}
