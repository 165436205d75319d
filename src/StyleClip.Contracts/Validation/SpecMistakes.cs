using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>Collects the mistakes of one file; several files of one reading share a list.</summary>
internal sealed class SpecMistakes
{
    // A megabyte of nonsense can be wrong in a hundred thousand places; nobody reads them.
    private const int Most = 1000;

    private readonly List<SpecMistake> _all;
    private readonly string _file;

    public SpecMistakes(string file)
        : this(file, [])
    {
    }

    private SpecMistakes(string file, List<SpecMistake> all)
    {
        _file = file;
        _all = all;
    }

    public bool Any => _all.Count > 0;

    /// <summary>Goes on collecting, in another file.</summary>
    public SpecMistakes In(string file) => new(file, _all);

    public void Add(YamlPlace place, SpecPath path, string? value, string rule)
    {
        if (_all.Count < Most) _all.Add(new SpecMistake(_file, place.Line, place.Column, path.ToString(), value, rule));
    }

    /// <summary>True where something at or below <paramref name="path"/> of this file is wrong already.</summary>
    public bool Has(SpecPath path)
    {
        string at = path.ToString();
        return _all.Any(mistake => mistake.File == _file
            && mistake.Path.StartsWith(at, StringComparison.Ordinal)
            && (mistake.Path.Length == at.Length || at.Length == 0 || mistake.Path[at.Length] is '.' or '['));
    }

    /// <summary>Throws where anything is wrong.</summary>
    /// <exception cref="SpecException">Something is.</exception>
    public void ThrowIfAny()
    {
        if (Any) throw Exception();
    }

    public SpecException Exception() => new(
    [
        .. _all.Distinct().OrderByDescending(mistake => mistake.File == _file)
            .ThenBy(mistake => mistake.File, StringComparer.Ordinal).ThenBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column),
    ]);
}
