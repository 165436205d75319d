namespace StyleClip.Contracts.Validation.Yaml;

/// <summary>A node, the way to it and the list that its mistakes go to.</summary>
internal sealed record YamlCursor(YamlNode Node, SpecPath Path, SpecMistakes Mistakes)
{
    public YamlCursor Item(int index) => new(((YamlList)Node).Items[index], Path.Item(index), Mistakes);

    public YamlCursor Field(YamlEntry entry) => new(entry.Value, Path.Field(entry.Key), Mistakes);

    /// <summary>The node of a field, or null where this is no mapping or has no such field.</summary>
    public YamlCursor? Find(string field) =>
        (Node as YamlMap)?.Entries.FirstOrDefault(entry => entry.Key == field) is { } entry ? Field(entry) : null;

    /// <summary>Says that what stands here breaks a rule.</summary>
    public void Refuse(string rule)
    {
        if (Node is not YamlRefused) Mistakes.Add(Node.Place, Path, Node.Describe(), rule);
    }

    /// <summary>Says that something is missing here.</summary>
    public void Miss(string field, string rule) => Mistakes.Add(Node.Place, Path.Field(field), null, rule);

    /// <summary>Says that a field breaks a rule whose value may also come from a default or from another file.</summary>
    public void Refuse(IEnumerable<string> fields, string value, string rule)
    {
        YamlCursor place = this;
        SpecPath path = Path;
        bool isHere = true;
        foreach (string field in fields)
        {
            path = path.Field(field);
            isHere = isHere && place.Find(field) is not null;
            if (isHere) place = place.Find(field)!;
        }

        Mistakes.Add(place.Node.Place, path, value, rule);
    }
}
