using System.Globalization;
using System.Reflection;
using System.Text;

namespace StyleClip.Faults.Tests;

/// <summary>Collects what the cells measured into a table beside the test results.</summary>
public sealed class FaultResults : IDisposable
{
    private static readonly string Folder = typeof(FaultResults).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Results").Value!;

    private readonly List<CellResult> _cells = [];

    internal void Add(CellResult cell)
    {
        _cells.Add(cell);
        Console.WriteLine(Row(cell));
    }

    public void Dispose()
    {
        if (_cells.Count == 0) return;
        var table = new StringBuilder("| width | what happened | detected after, s | trains again after, s | steps lost | whole cell, s | mapper |\n|--:|---|--:|--:|--:|--:|---|\n");
        foreach (CellResult cell in _cells) table.Append(Row(cell)).Append('\n');
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "faults.md"), table.ToString());
    }

    private static string Row(CellResult cell) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {cell.Width} | {cell.Disturbance} | {Seconds(cell.Detection)} | {Seconds(cell.Continuation)} | {cell.StepsLost} | {Seconds(cell.Whole)} | {cell.Sha256[..12]} |");

    private static string Seconds(TimeSpan? time) => time?.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) ?? "";
}
