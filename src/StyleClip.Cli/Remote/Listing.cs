using Spectre.Console;

namespace StyleClip.Cli.Remote;

/// <summary>Rows under headings: a table on a terminal, aligned plain lines elsewhere.</summary>
internal sealed class Listing(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];
    private readonly Dictionary<string, string> _usual = new(StringComparer.Ordinal);

    /// <summary>Leaves a column out where every cell of it is <paramref name="usual"/>.</summary>
    public Listing Omit(string heading, string usual)
    {
        _usual[heading] = usual;
        return this;
    }

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write()
    {
        if (AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected) WriteTable();
        else WriteLines(Console.Out);
    }

    private void WriteTable()
    {
        var table = new Table { Border = TableBorder.Simple };
        int[] columns = Columns();
        table.AddColumns([.. columns.Select(column => new TableColumn(new Text(headings[column])))]);
        foreach (string[] row in _rows) table.AddRow(columns.Select(column => new Text(row[column])));
        AnsiConsole.Write(table);
    }

    private void WriteLines(TextWriter output)
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        foreach (string[] row in _rows.Prepend(headings))
            output.WriteLine(string.Join(Gap, Columns().Select(column => row[column].PadRight(widths[column]))).TrimEnd());
    }

    private int[] Columns() =>
        [.. Enumerable.Range(0, headings.Length).Where(column => !_usual.TryGetValue(headings[column], out string? usual) || _rows.Any(row => row[column] != usual))];
}
