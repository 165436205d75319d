using System.Diagnostics;
using System.Text;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Validation;

public sealed class YamlLimitsTests
{
    [Fact]
    public void An_alias_bomb_is_refused_without_being_expanded()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) bomb.Append(null, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        long started = Stopwatch.GetTimestamp();

        IReadOnlyList<SpecMistake> mistakes = Refused(bomb.ToString());

        Assert.Contains(mistakes, mistake => mistake.Value == "*a0" && mistake.Line == 2 && mistake.Rule.Contains("aliases", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.Value == "&a3" && mistake.Rule.Contains("anchors", StringComparison.Ordinal));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5), "The bomb went off.");
    }

    [Theory]
    [InlineData("name: !!str demo", "tags are not allowed")]
    [InlineData("name: !Type demo", "tags are not allowed")]
    [InlineData("base: &b {steps: 1}", "anchors are not allowed")]
    [InlineData("<<: {steps: 1}", "merge key")]
    [InlineData("name: demo\n---\nname: other", "followed by a second one")]
    [InlineData("? [a, b]\n: c", "keys are words")]
    [InlineData("name: [unclosed", "is not valid YAML")]
    [InlineData("a: b: c", "is not valid YAML")]
    [InlineData("", "is empty")]
    [InlineData("# only a comment", "is empty")]
    [InlineData("just words", "must be a mapping")]
    [InlineData("- a\n- b", "must be a mapping")]
    public void What_a_spec_does_not_need_is_refused(string yaml, string rule) =>
        Assert.Contains(Refused(yaml), mistake => mistake.Rule.Contains(rule, StringComparison.Ordinal));

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Deep_nesting_is_refused(string open, string close)
    {
        string yaml = "name: " + string.Concat(Enumerable.Repeat(open, 5000)) + "x" + string.Concat(Enumerable.Repeat(close, 5000));
        Assert.Contains(Refused(yaml), mistake => mistake.Rule.Contains("nested deeper than 32 levels", StringComparison.Ordinal));
    }

    [Fact]
    public void A_document_of_more_than_a_megabyte_is_refused()
    {
        SpecMistake mistake = Assert.Single(Refused("# " + new string('x', 1_000_000)));
        Assert.Equal("has 1,000,002 bytes; at most 1,000,000 are allowed", mistake.Rule);
    }

    [Fact]
    public void Too_many_values_are_refused()
    {
        string yaml = "prompts: [" + string.Concat(Enumerable.Repeat("a,", 250_000)) + "]";
        Assert.Contains(Refused(yaml), mistake => mistake.Rule.Contains("200,000 values", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_many_prompts_are_refused()
    {
        string yaml = "prompts: [" + string.Join(", ", Enumerable.Range(0, 10_001).Select(i => $"face {i}")) + "]";
        Assert.Contains(Refused(yaml), mistake => mistake.Path == "prompts" && mistake.Rule.EndsWith("10,001", StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_key_over_many_values_costs_no_more_than_its_size()
    {
        string yaml = $"? {new string('k', 500_000)}\n: [{string.Concat(Enumerable.Repeat("a,", 100_000))}]";
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(yaml);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000_000);
    }

    [Fact]
    public void A_message_of_thousands_of_mistakes_stays_readable()
    {
        SpecException refused = Assert.Throws<SpecException>(
            () => RecipeReader.Read(string.Concat(Enumerable.Range(0, 5000).Select(i => $"k{i}: 1\n")), "many.yaml"));
        Assert.Equal(1000, refused.Mistakes.Count);
        Assert.EndsWith("and 950 more mistakes", refused.Message, StringComparison.Ordinal);
    }

    // Recipes and sweeps are read by the same machinery: both must refuse.
    private static List<SpecMistake> Refused(string yaml)
    {
        SpecException recipe = Assert.Throws<SpecException>(() => RecipeReader.Read(yaml, "file.yaml"));
        SpecException sweep = Assert.Throws<SpecException>(() => SweepSpecReader.Read(yaml, "file.yaml", new SweepSpecContext()));
        return [.. recipe.Mistakes.Concat(sweep.Mistakes).Distinct()];
    }
}
