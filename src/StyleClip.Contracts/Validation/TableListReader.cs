using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation.Shapes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>Reads the direction tables of a sweep.</summary>
/// <param name="context">What is known of packs.</param>
/// <param name="pack">The sweep's pack; null where it cannot be used.</param>
internal sealed class TableListReader(SweepSpecContext context, string? pack)
{
    public IReadOnlyList<TableSpec> Read(JsonArray? written, YamlCursor? cursor)
    {
        var tables = new Dictionary<string, TableSpec>(StringComparer.Ordinal);
        for (int i = 0; i < (written?.Count ?? 0); i++)
        {
            if (written![i] is not JsonObject fields) continue; // told already
            TableSpec table = Read(fields, cursor!.Item(i));
            if (!tables.TryAdd(table.Name, table))
                (cursor.Item(i).Find(SpecShapes.TableName) ?? cursor.Item(i)).Refuse($"must not be there twice: the sweep has another table '{table.Name}'");
        }

        return [.. tables.Values];
    }

    private TableSpec Read(JsonObject fields, YamlCursor cursor)
    {
        string? name = (string?)fields[SpecShapes.TableName];
        fields.Remove(SpecShapes.TableName);
        DirectionTableSpec spec = fields.Deserialize<DirectionTableSpec>(ContractJson.Options)!;
        if (pack is not null && cursor.Find("lastLayer") is { } layer && !cursor.Mistakes.Has(layer.Path) && context.CheckTable(pack, spec) is { } problem)
            layer.Refuse(problem);
        var table = new TableSpec { Name = name ?? spec.DefaultName(), Spec = spec };
        // Where anything in a table is wrong, its name may be that of the table which the user meant.
        if (pack is not null && !cursor.Mistakes.Has(cursor.Path) && context.CheckTableName(pack, table) is { } clash)
            cursor.Refuse([SpecShapes.TableName], table.Name, clash);
        return table;
    }
}
