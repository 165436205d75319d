using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Validation;

public sealed class ComparisonSpecReaderTests
{
    private const string Small = """
        name: small
        pack: demo
        recipe: default
        prompts:
          - {text: a clown, neutral: a face, kind: complex}
        """;

    [Fact]
    public void A_small_comparison_is_of_the_papers_methods_on_six_latents()
    {
        ComparisonSpec spec = Read(Small);

        Assert.Equal(("small", "demo", 6, 0L), (spec.Name, spec.Pack, spec.Latents, spec.Seed));
        Assert.Equal([ComparisonMethod.Mapper, ComparisonMethod.Direction, ComparisonMethod.Optimization, ComparisonMethod.TediGan], spec.Methods);
        Assert.Equal(new BankSpec { Count = 2048 }, spec.Bank);
        ComparisonPrompt prompt = Assert.Single(spec.Prompts);
        Assert.Equal(("a clown", "a face", PromptKind.Complex, spec.Recipe), (prompt.Text, prompt.Neutral, prompt.Kind, prompt.Recipe));
    }

    [Fact]
    public void Every_field_arrives()
    {
        ComparisonSpec spec = Read("""
            name: all
            pack: mine
            recipe: {base: default, direction: {alpha: 3}, optimization: {steps: 40}}
            methods: [tediGan, optimizationInStyleSpace]
            prompts:
              - {text: a clown, neutral: a face, kind: complex, overrides: {loss: {identity: 0}}}
              - {text: a face without wrinkles, neutral: a face with wrinkles, kind: simple}
            latents: 3
            bank: {count: 16, validation: 3}
            seed: 5
            """);

        Assert.Equal([ComparisonMethod.TediGan, ComparisonMethod.OptimizationInStyleSpace], spec.Methods);
        Assert.Equal((3, 5L, 16, 3.0, 40), (spec.Latents, spec.Seed, spec.Bank.Count, spec.Recipe.Direction!.Alpha, spec.Recipe.Optimization!.Steps));
        Assert.Equal([PromptKind.Complex, PromptKind.Simple], spec.Prompts.Select(prompt => prompt.Kind));
        Assert.Equal([0, 0.5], spec.Prompts.Select(prompt => prompt.Recipe.Loss.Identity));
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_line()
    {
        SpecException refused = Assert.Throws<SpecException>(() => Read("""
            name: Paper
            pack: demo
            recipe: defualt
            methods: [mapper, mapper, style]
            prompts:
              - {text: a clown, neutral: a face, kind: hard}
              - {text: a clown, kind: simple}
              - {text: a face, neutral: a face, kind: simple, overrides: {steps: 0}}
            latents: 9
            bank: {validation: 8}
            """));

        Assert.Equal(
            ["1 name", "3 recipe", "4 methods[1]", "4 methods[2]", "6 prompts[0].kind", "7 prompts[1].neutral", "8 prompts[2].overrides.steps", "9 latents"],
            refused.Mistakes.Select(mistake => $"{mistake.Line} {mistake.Path}"));
        Assert.Contains("must be at most bank.validation, which is 8", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_layer_that_the_pack_has_not_is_told_once_where_it_is_written_with_the_other_mistakes()
    {
        SpecException refused = Assert.Throws<SpecException>(() => Read("""
            name: paper
            pack: demo
            recipe:
              base: default
              direction: {table: {lastLayer: 26}}
            prompts:
              - {text: a clown, neutral: a face, kind: complex}
              - {text: a monk, neutral: a face, kind: simple, overrides: {direction: {table: {lastLayer: 27}}}}
              - {text: a pirate, neutral: a face, kind: hard}
            """));

        Assert.Equal(
            ["5 recipe.direction.table.lastLayer", "8 prompts[1].overrides.direction.table.lastLayer", "9 prompts[2].kind"],
            refused.Mistakes.Select(mistake => $"{mistake.Line} {mistake.Path}"));
        Assert.Contains("lastLayer is 26; it must be a layer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_without_directions_measures_no_table_and_takes_any_last_layer() => Assert.Equal([ComparisonMethod.Mapper], Read("""
        name: paper
        pack: demo
        recipe: {base: default, direction: {table: {lastLayer: 26}}}
        methods: [mapper]
        prompts:
          - {text: a clown, neutral: a face, kind: complex}
        """).Methods);

    [Fact]
    public void Prompts_that_differ_for_one_method_alone_are_two_prompts() => Assert.Equal(2, Read("""
        name: paper
        pack: demo
        recipe: default
        prompts:
          - {text: a clown, neutral: a face, kind: complex}
          - {text: a clown, neutral: a face, kind: complex, overrides: {direction: {alpha: 4}}}
        """).Prompts.Count);

    [Fact]
    public void The_papers_comparison_is_shipped()
    {
        string path = RepositoryFiles.PathOf("configs", "comparisons", "paper.yaml");
        ComparisonSpec spec = ComparisonSpecReader.Read(File.ReadAllText(path), path, SweepSpecContext.ForFile(path));

        Assert.Equal([PromptKind.Complex, PromptKind.Middle, PromptKind.Simple], spec.Prompts.Select(prompt => prompt.Kind));
        Assert.Equal(ComparisonSpec.DefaultMethods, spec.Methods);
    }

    private static ComparisonSpec Read(string yaml) => ComparisonSpecReader.Read(yaml, "comparison.yaml", new SweepSpecContext { CheckTable = (_, table) => table.LastLayer > 25 ? "must be a layer" : null });
}
