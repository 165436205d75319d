using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace StyleClip.Contracts.Validation.Yaml;

/// <summary>
/// Reads one YAML document into nodes, within limits. Anchors, aliases, tags and merge keys are refused: a few hundred bytes of them can
/// stand for gigabytes, and a spec does not need them.
/// </summary>
internal sealed class YamlDocument
{
    private const int MaxBytes = 1_000_000;
    private const int MaxDepth = 32;
    private const int MaxNodes = 200_000;

    private readonly SpecMistakes _mistakes;
    private readonly Parser _parser;
    private int _nodes;

    private YamlDocument(string yaml, SpecMistakes mistakes)
    {
        _parser = new Parser(new StringReader(yaml));
        _mistakes = mistakes;
    }

    /// <summary>
    /// The document's root, or null where it cannot be read at all; what is wrong is added to <paramref name="mistakes"/>.
    /// </summary>
    public static YamlNode? Read(string yaml, SpecMistakes mistakes)
    {
        int bytes = Encoding.UTF8.GetByteCount(yaml);
        if (bytes > MaxBytes)
        {
            mistakes.Add(new YamlPlace(1, 1), SpecPath.Root, null, $"has {bytes:n0} bytes; at most {MaxBytes:n0} are allowed");
            return null;
        }

        try
        {
            return new YamlDocument(yaml, mistakes).ReadStream();
        }
        catch (YamlException exception)
        {
            mistakes.Add(PlaceOf(exception.Start), SpecPath.Root, null, $"is not valid YAML: {exception.Message}");
            return null;
        }
        catch (LimitException)
        {
            return null; // told already
        }
    }

    private static YamlPlace PlaceOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private YamlNode? ReadStream()
    {
        Next(); // start of the stream
        Next();
        if (_parser.Current is StreamEnd)
        {
            _mistakes.Add(new YamlPlace(1, 1), SpecPath.Root, null, "is empty");
            return null;
        }

        Next(); // past the start of the document
        YamlNode root = ReadNode(SpecPath.Root, depth: 1);
        Next(); // past the end of the document
        if (_parser.Current is DocumentStart second)
            _mistakes.Add(PlaceOf(second.Start), SpecPath.Root, null, "is followed by a second one; a file holds one document");
        return root;
    }

    // The current event begins a node; afterwards the current event is the one behind it.
    private YamlNode ReadNode(SpecPath path, int depth)
    {
        ParsingEvent start = _parser.Current!;
        YamlPlace place = PlaceOf(start.Start);
        if (depth > MaxDepth) throw Stop(place, path, $"is nested deeper than {MaxDepth} levels");
        if (++_nodes > MaxNodes) throw Stop(place, path, $"has more than {MaxNodes:n0} values before it");
        if (start is AnchorAlias alias)
        {
            _mistakes.Add(place, path, $"*{alias.Value}", "must be written out: aliases are not allowed");
            Next();
            return new YamlRefused(place);
        }

        if (start is NodeEvent node) RefuseDecoration(node, place, path);
        Next();
        return start switch
        {
            Scalar scalar => new YamlScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => new YamlList(place, ReadItems(path, depth)),
            _ => new YamlMap(place, ReadEntries(path, depth)),
        };
    }

    private List<YamlNode> ReadItems(SpecPath path, int depth)
    {
        List<YamlNode> items = [];
        while (_parser.Current is not SequenceEnd) items.Add(ReadNode(path.Item(items.Count), depth + 1));
        Next();
        return items;
    }

    private List<YamlEntry> ReadEntries(SpecPath path, int depth)
    {
        List<YamlEntry> entries = [];
        var firstPlaces = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            YamlNode key = ReadNode(path, depth + 1);
            if (key is not YamlScalar { Value: var name })
            {
                if (key is not YamlRefused) _mistakes.Add(key.Place, path, null, $"has {key.Describe()} as a key; keys are words");
                ReadNode(path, depth + 1);
                continue;
            }

            YamlNode value = ReadNode(path.Field(name), depth + 1);
            if (name == "<<")
                _mistakes.Add(key.Place, path.Field(name), null, "is a merge key; write its fields out");
            else if (firstPlaces.TryAdd(name, key.Place))
                entries.Add(new YamlEntry(name, key.Place, value));
            else
                _mistakes.Add(key.Place, path.Field(name), null, $"is there twice; the first one is in line {firstPlaces[name].Line}");
        }

        Next();
        return entries;
    }

    private void RefuseDecoration(NodeEvent node, YamlPlace place, SpecPath path)
    {
        if (!node.Anchor.IsEmpty) _mistakes.Add(place, path, $"&{node.Anchor.Value}", "must not have an anchor: anchors are not allowed");
        if (!node.Tag.IsEmpty) _mistakes.Add(place, path, node.Tag.Value, "must not have a tag: tags are not allowed");
    }

    private void Next() => _parser.MoveNext();

    private LimitException Stop(YamlPlace place, SpecPath path, string rule)
    {
        _mistakes.Add(place, path, null, rule);
        return new LimitException();
    }

    private sealed class LimitException : Exception;
}
