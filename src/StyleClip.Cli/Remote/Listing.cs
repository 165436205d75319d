using Spectre.Console;

namespace StyleClip.Cli.Remote;

/// <summary>Rows under headings: a table on a terminal, aligned plain lines elsewhere.</summary>
internal sealed class Listing(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write()
    {
        if (AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected) WriteTable();
        else WriteLines(Console.Out);
    }

    private void WriteTable()
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns([.. headings.Select(heading => new TableColumn(new Text(heading)))]);
        foreach (string[] row in _rows) table.AddRow(row.Select(cell => new Text(cell)));
        AnsiConsole.Write(table);
    }

    private void WriteLines(TextWriter output)
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        foreach (string[] row in _rows.Prepend(headings))
            output.WriteLine(string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
