using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Validation;

public sealed class TableListReaderTests
{
    [Fact]
    public void A_sweep_may_have_tables_and_nothing_else()
    {
        SweepSpec spec = Read("tables: [{name: small.1, images: 16, samples: 20000, truncation: 1}, {}]");

        Assert.Null(spec.Recipe);
        Assert.Empty(spec.Prompts);
        Assert.Equal(
            [
                new TableSpec { Name = "small.1", Spec = new DirectionTableSpec { Images = 16, Samples = 20_000, Truncation = 1 } },
                new TableSpec { Name = new DirectionTableSpec().DefaultName(), Spec = new DirectionTableSpec() },
            ],
            spec.Tables);
    }

    [Theory]
    [InlineData("tables: []", "tables", "1 to 1,000 items")]
    [InlineData("tables: [small]", "tables[0]", "must be a mapping")]
    [InlineData("tables: [{name: Small}]", "tables[0].name", "a-z")]
    [InlineData("tables: [{name: .small}]", "tables[0].name", "no dot at either end")]
    [InlineData("tables: [{image: 3}]", "tables[0].image", "did you mean 'images'?")]
    [InlineData("tables: [{lastLayer: 99}]", "tables[0].lastLayer", "must be a layer")]
    [InlineData("tables: [{name: taken, images: 3}]", "tables[0].name", "must be another name")]
    [InlineData("tables: [{}, {}]", "tables[1]", "the sweep has another table 'independent-100-")]
    [InlineData("tables: [{name: a}, {name: a, images: 3}]", "tables[1].name", "the sweep has another table 'a'")]
    [InlineData("recipe: {name: r, steps: 3}", "prompts", "a sweep has prompts, tables or both")]
    [InlineData("tables: [{}]\nprompts: [a face]", "recipe", "prompts need it")]
    public void What_is_wrong_with_a_table_is_said_where_it_stands(string yaml, string path, string rule)
    {
        SpecMistake mistake = Assert.Single(Assert.Throws<SpecException>(() => Read(yaml)).Mistakes);
        Assert.Equal(path, mistake.Path);
        Assert.Contains(rule, mistake.Rule, StringComparison.Ordinal);
    }

    private static SweepSpec Read(string yaml) => SweepSpecReader.Read(
        $"name: demo\npack: demo\n{yaml}",
        "s.yaml",
        new SweepSpecContext
        {
            CheckTable = (_, table) => table.LastLayer > 25 ? "must be a layer" : null,
            CheckTableName = (_, table) => table.Name == "taken" ? "must be another name" : null,
        });
}
