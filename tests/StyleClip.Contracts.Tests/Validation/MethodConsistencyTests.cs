using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Validation;

public sealed class MethodConsistencyTests
{
    [Fact]
    public void A_prompt_says_its_method_or_takes_the_sweep_s()
    {
        SweepSpec spec = Read("""
            recipe: {base: default, direction: {alpha: 3}}
            method: direction
            prompts:
              - text: a smiling face
                neutral: a face
              - text: a smiling face
                method: mapper
              - text: a smiling face
                method: optimization
                overrides: {optimization: {count: 2, steps: 10}}
            """);

        Assert.Equal([EditMethod.Direction, EditMethod.Mapper, EditMethod.Optimization], spec.Prompts.Select(prompt => prompt.Method));
        Assert.Equal(3, spec.Prompts[0].Recipe.Direction!.Alpha);
        Assert.Equal((2, 10, 0.1), spec.Prompts[2].Recipe.Optimization is { } read ? (read.Count, read.Steps!.Value, read.LearningRate) : default);
    }

    [Theory]
    [InlineData("{text: a smile, method: direction}", "prompts[0].neutral", "method direction goes from this text")]
    [InlineData("{text: a smile, overrides: {loss: {clipTarget: directional}}}", "prompts[0].neutral", "loss.clipTarget directional")]
    [InlineData("{text: a smile, method: optimisation}", "prompts[0].method", "did you mean 'optimization'?")]
    [InlineData("{text: a smile, method: optimization, overrides: {optimization: {kind: tediGan, space: styleSpace}}}", "prompts[0].overrides.optimization.space", "must be wPlus")]
    [InlineData("{text: a smile, method: optimization, overrides: {optimization: {count: 65}}}", "prompts[0].overrides.optimization.count", "must be at most bank.validation, which is 64")]
    [InlineData("{text: a smile, neutral: a face, method: direction, overrides: {direction: {table: {lastLayer: 99}}}}", "prompts[0].overrides.direction.table.lastLayer", "must be a layer")]
    public void A_method_has_its_own_rules(string prompt, string path, string rule)
    {
        SpecMistake mistake = Assert.Single(Refused($"recipe: default\nprompts: [{prompt}]"));
        Assert.Equal(path, mistake.Path);
        Assert.Contains(rule, mistake.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{text: a smile, method: optimization, overrides: {loss: {clipTarget: directional}}}")]
    [InlineData("{text: a smile, overrides: {optimization: {count: 65}, direction: {table: {lastLayer: 99}}}}")]
    [InlineData("{text: a smile, method: optimization, overrides: {optimization: {kind: tediGan, count: 64}}}")]
    [InlineData("{text: a smile, method: optimization, overrides: {optimization: {kind: free, space: styleSpace, count: 65}}}")]
    public void What_a_method_does_not_use_is_not_looked_at(string prompt) => Assert.Single(Read($"recipe: default\nprompts: [{prompt}]").Prompts);

    [Fact]
    public void What_many_prompts_take_from_the_sweep_s_recipe_is_told_once_and_where_it_stands()
    {
        SpecMistake mistake = Assert.Single(Refused("recipe: {base: default, optimization: {count: 100}}\nmethod: optimization\nprompts: [a smile, a frown]"));
        Assert.Equal(("recipe.optimization.count", "100"), (mistake.Path, mistake.Value));
    }

    [Fact]
    public void A_default_that_breaks_a_rule_is_told_at_the_prompt()
    {
        SpecMistake mistake = Assert.Single(Refused("recipe: default\nmethod: optimization\nprompts: [a smile]\nbank: {validation: 4}"));
        Assert.Equal(("prompts[0].overrides.optimization.count", "8", 5), (mistake.Path, mistake.Value, mistake.Line));
    }

    [Fact]
    public void The_same_text_by_two_methods_is_two_prompts() => Assert.Equal(
        3,
        Read("recipe: default\nprompts: [a smile, {text: a smile, neutral: a face, method: direction}, {text: a smile, method: optimization}]").Prompts.Count);

    [Theory]
    [InlineData("{text: a smile, method: optimization}, {text: a smile, method: optimization, overrides: {mapper: {depth: 2}}}", "")]
    [InlineData("a smile, {text: a smile, method: mapper, overrides: {optimization: {count: 3}}}", "")]
    [InlineData("a smile, {text: a smile, overrides: {steps: 299}}", "budget: {steps: 100}")]
    [InlineData("{text: a smile, overrides: {optimization: {count: 1}}}, {text: a smile, overrides: {optimization: {count: 65, latentL2: 1, identity: 1, start: code}}}", "", "recipe: {base: default, optimization: {kind: free}}\nmethod: optimization")]
    public void What_comes_to_the_same_job_is_the_same_prompt_twice(string prompts, string more, string recipe = "recipe: default")
    {
        SpecMistake mistake = Assert.Single(Refused($"{recipe}\nprompts: [{prompts}]\n{more}"));
        Assert.Equal("prompts[1].text", mistake.Path);
        Assert.Contains("prompts[0] is the same text with the same recipe and method", mistake.Rule, StringComparison.Ordinal);
    }

    private static SweepSpec Read(string yaml) => SweepSpecReader.Read(
        $"name: demo\npack: demo\n{yaml}",
        "s.yaml",
        new SweepSpecContext { CheckTable = (_, table) => table.LastLayer > 25 ? "must be a layer" : null });

    private static IReadOnlyList<SpecMistake> Refused(string yaml) => Assert.Throws<SpecException>(() => Read(yaml)).Mistakes;
}
