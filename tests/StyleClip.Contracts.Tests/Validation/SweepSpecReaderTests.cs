using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Validation;

public sealed class SweepSpecReaderTests
{
    private const string Small = """
        name: demo
        pack: demo
        recipe: default
        prompts: [a smiling face]
        """;

    [Fact]
    public void A_small_sweep_has_the_defaults_of_the_records()
    {
        SweepSpec spec = Read(Small);

        Assert.Equal(("demo", "demo", 0L), (spec.Name, spec.Pack, spec.Seed));
        Assert.Equal(new BankSpec { Count = 2048 }, spec.Bank);
        Assert.Equal(new BudgetSpec(), spec.Budget);
        Assert.Equal(new GateSpec(), spec.Gate);
        Assert.Equal(RecipeReader.Read(BuiltInRecipes.Find("default")!.Yaml, "default.yaml"), spec.Recipe);
        Assert.Equal([new PromptSpec { Text = "a smiling face", Recipe = spec.Recipe! }], spec.Prompts);
    }

    [Fact]
    public void Every_field_arrives()
    {
        SweepSpec spec = Read("""
            name: all-fields
            pack: packs/mine
            recipe: styleclip-2021
            prompts:
              - text: a face with a mohawk
                neutral: a face
                overrides:
                  steps: 120
                  mapper: {levels: [coarse, medium], strength: 0.2}
                  loss: {clipTarget: directional, identity: 0}
                  optimizer: {kind: adam, learningRate: 1e-3, beta1: null}
                  batch: {size: 8, microShards: 4}
                  earlyStopping: {patience: 3}
              - "a smiling face"
            bank: {source: sampled, count: 128, validation: 16, truncation: 1, seed: 9, shardSize: 32}
            seed: 9007199254740991
            budget: {steps: 100, devices: 2}
            gate: {clipGain: 0.1, identitySimilarity: -0.5}
            """);

        RecipeSpec edited = spec.Prompts[0].Recipe;
        Assert.Equal("a face", spec.Prompts[0].Neutral);
        Assert.Equal(spec.Recipe, spec.Prompts[1].Recipe);
        Assert.Equal(
            spec.Recipe! with
            {
                Steps = 120,
                Mapper = spec.Recipe.Mapper with { Levels = Levels.Coarse | Levels.Medium, Strength = 0.2 },
                Loss = spec.Recipe.Loss with { ClipTarget = ClipTarget.Directional, Identity = 0 },
                Optimizer = spec.Recipe.Optimizer with { Kind = OptimizerKind.Adam, LearningRate = 0.001, Beta1 = null },
                Batch = new BatchRecipe { Size = 8, MicroShards = 4 },
                EarlyStopping = new EarlyStoppingRecipe { Patience = 3 },
            },
            edited);
        Assert.Equal(new BankSpec { Count = 128, Validation = 16, Truncation = 1, Seed = 9, ShardSize = 32 }, spec.Bank);
        Assert.Equal(new BudgetSpec { Steps = 100, Devices = 2 }, spec.Budget);
        Assert.Equal(new GateSpec { ClipGain = 0.1, IdentitySimilarity = -0.5 }, spec.Gate);
        Assert.Equal(9_007_199_254_740_991, spec.Seed);
    }

    [Fact]
    public void A_bank_from_a_file_keeps_its_count_open()
    {
        SweepSpec spec = Read(Small + "\nbank: {source: file, path: faces/latents.safetensors}");
        Assert.Equal(new BankSpec { Source = BankSource.File, Path = "faces/latents.safetensors" }, spec.Bank);
    }

    [Fact]
    public void A_recipe_can_be_a_path_or_fields_over_a_base()
    {
        var context = new SweepSpecContext
        {
            ReadRecipeFile = path => new SpecDocument(path, "name: mine\nsteps: 7\n"),
        };
        SweepSpec fromPath = SweepSpecReader.Read(Small.Replace("recipe: default", "recipe: recipes/mine.yaml", StringComparison.Ordinal), "s.yaml", context);
        SweepSpec inline = Read(Small.Replace("recipe: default", "recipe: {base: default, mapper: {mediumEnd: 6}}", StringComparison.Ordinal));
        SweepSpec alone = Read(Small.Replace("recipe: default", "recipe: {name: own, steps: 5}", StringComparison.Ordinal));

        Assert.Equal(new RecipeSpec { Name = "mine", Steps = 7 }, fromPath.Recipe);
        Assert.Equal((6, "default", 300), (inline.Recipe!.Mapper.MediumEnd, inline.Recipe.Name, inline.Recipe.Steps));
        Assert.Equal(new RecipeSpec { Name = "own", Steps = 5 }, alone.Recipe);
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_line()
    {
        var context = new SweepSpecContext { CheckText = (_, text) => text.Contains("zebra", StringComparison.Ordinal) ? "must use known words; zebra is none" : null };

        SpecException refused = Assert.Throws<SpecException>(() => SweepSpecReader.Read(
            """
            name: Demo Sweep
            pack: demo
            recipe: defualt
            seeds: 4
            prompts:
              - a smiling face
              - 5
              - text: a zebra
                overrides:
                  optimizer:
                    learningRate: -0.5
                    learning_rate: 0.5
                  batch: {size: 010, microShards: yes}
              - neutral: a face
                color: red
            bank:
              count: 0
              truncation: .nan
              source: latents
            seed: 0x10
            budget: {devices: 1.5, devices: 2}
            gate: [0.5]
            """,
            "bad.yaml",
            context));

        Assert.Equal(
            [
                "1 name",
                "3 recipe",
                "4 seeds",
                "7 prompts[1]",
                "8 prompts[2].text",
                "11 prompts[2].overrides.optimizer.learningRate",
                "12 prompts[2].overrides.optimizer.learning_rate",
                "13 prompts[2].overrides.batch.size",
                "13 prompts[2].overrides.batch.microShards",
                "14 prompts[3].text",
                "15 prompts[3].color",
                "17 bank.count",
                "18 bank.truncation",
                "19 bank.source",
                "20 seed",
                "21 budget.devices",
                "21 budget.devices",
                "22 gate",
            ],
            refused.Mistakes.Select(mistake => $"{mistake.Line} {mistake.Path}"));
        string message = refused.Message;
        Assert.Contains("bad.yaml:3:9: recipe is defualt; it must be the name of a recipe; did you mean 'default'?", message, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:4:1: seeds is not a known key; did you mean 'seed'?", message, StringComparison.Ordinal);
        Assert.Contains("learning_rate is not a known key; did you mean 'learningRate'?", message, StringComparison.Ordinal);
        Assert.Contains("learningRate is -0.5; it must be a number, greater than 0 and at most 1,000", message, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:8:11: prompts[2].text is a zebra; it must use known words; zebra is none", message, StringComparison.Ordinal);
        Assert.Contains("budget.devices is there twice; the first one is in line 21", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batch: {microShards: 3}", "prompts[0].overrides.batch.microShards", "must divide batch.size, which is 8")]
    [InlineData("batch: {size: 7}", "prompts[0].overrides.batch.size", "does not go with batch.microShards, which is 2 and must divide it")]
    [InlineData("mapper: {coarseEnd: 8}", "prompts[0].overrides.mapper.coarseEnd", "does not go with mapper.mediumEnd, which is 8 and must be greater than it")]
    [InlineData("optimizer: {warmUpSteps: 301}", "prompts[0].overrides.optimizer.warmUpSteps", "must be at most steps, which is 300")]
    [InlineData("loss: {clipTarget: directional}", "prompts[0].neutral", "is missing")]
    [InlineData("loss: {clipInput: Raw}", "prompts[0].overrides.loss.clipInput", "did you mean 'raw'?")]
    [InlineData("mapper: {levels: [coarse, coarse]}", "prompts[0].overrides.mapper.levels", "each at most once")]
    [InlineData("mapper: {levels: []}", "prompts[0].overrides.mapper.levels", "a list of coarse, medium, fine")]
    [InlineData("mapper: {levels: none}", "prompts[0].overrides.mapper.levels", "must be coarse or medium or fine or all")]
    [InlineData("steps: null", "prompts[0].overrides.steps", "must be a whole number")]
    [InlineData("steps: '300'", "prompts[0].overrides.steps", "without quotes")]
    [InlineData("steps: 3e2", "prompts[0].overrides.steps", "must be a whole number")]
    [InlineData("steps: 99999999999999999999999", "prompts[0].overrides.steps", "at most 10,000,000")]
    [InlineData("loss: {clip: .inf}", "prompts[0].overrides.loss.clip", "in decimal digits")]
    [InlineData("loss: {clip: 1e999}", "prompts[0].overrides.loss.clip", "at most 1,000")]
    public void An_override_is_checked_where_it_stands(string overrides, string path, string rule)
    {
        SpecMistake mistake = Assert.Single(Refused(Prompts($"- text: a face\n  overrides: {{{overrides}}}")));
        Assert.Equal(path, mistake.Path);
        Assert.Contains(rule, mistake.Rule, StringComparison.Ordinal);
        Assert.InRange(mistake.Line, 5, 6);
    }

    [Fact]
    public void The_same_prompt_twice_is_a_mistake_however_it_is_written()
    {
        IReadOnlyList<SpecMistake> mistakes = Refused(Prompts("""
            - a smiling face
            - text: a smiling face
              overrides: {steps: 300}
            - text: a smiling face
              overrides: {steps: 200}
            """));

        SpecMistake mistake = Assert.Single(mistakes);
        Assert.Equal(("prompts[1].text", 6), (mistake.Path, mistake.Line));
        Assert.Contains("prompts[0]", mistake.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_prompt_twice_is_told_beside_an_unknown_recipe() => Assert.Equal(
        ["recipe", "prompts[1]"],
        Refused(Prompts("- a smiling face\n- a smiling face").Replace("recipe: default", "recipe: other", StringComparison.Ordinal))
            .Select(mistake => mistake.Path));

    [Fact]
    public void The_largest_seed_is_told_exactly() =>
        Assert.EndsWith("at most 9,007,199,254,740,991", Assert.Single(Refused(Small + "\nseed: 9007199254740993")).Rule, StringComparison.Ordinal);

    [Theory]
    [InlineData("- \"two\\nlines\"")]
    [InlineData("- \"bell \\a\"")]
    [InlineData("- \"   \"")]
    [InlineData("- \"\"")]
    [InlineData("- null")]
    [InlineData("- true")]
    [InlineData("- 2021")]
    [InlineData("- [a face]")]
    public void A_text_that_is_none_is_refused(string prompt)
    {
        SpecMistake mistake = Assert.Single(Refused(Prompts(prompt)));
        Assert.Equal("prompts[0]", mistake.Path);
    }

    [Fact]
    public void A_text_may_have_a_thousand_characters_and_no_more()
    {
        Assert.Single(Read(Prompts($"- {new string('a', 1000)}")).Prompts);
        Assert.Single(Refused(Prompts($"- {new string('a', 1001)}")));
    }

    [Fact]
    public void Mistakes_in_a_recipe_file_name_that_file()
    {
        var context = new SweepSpecContext { ReadRecipeFile = path => new SpecDocument(path, "name: mine\nsteps: 0\nbatch:\n  size: 3\n  microShards: 2\n") };

        SpecException refused = Assert.Throws<SpecException>(() => SweepSpecReader.Read(
            Small.Replace("recipe: default", "recipe: ./mine.yaml", StringComparison.Ordinal) + "\nseed: -1", "s.yaml", context));

        Assert.Equal(
            ["s.yaml:5 seed", "./mine.yaml:2 steps", "./mine.yaml:5 batch.microShards"],
            refused.Mistakes.OrderByDescending(mistake => mistake.File, StringComparer.Ordinal).Select(mistake => $"{mistake.File}:{mistake.Line} {mistake.Path}"));
    }

    [Fact]
    public void A_path_is_refused_where_files_are_out_of_reach()
    {
        SpecMistake mistake = Assert.Single(Refused(Small.Replace("recipe: default", "recipe: ../../etc/passwd", StringComparison.Ordinal)));
        Assert.Contains("not a path", mistake.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_file_that_is_not_there_is_a_mistake_with_its_line()
    {
        var context = SweepSpecContext.ForFile(Path.Combine(Path.GetTempPath(), "nowhere", "s.yaml"));
        SpecException refused = Assert.Throws<SpecException>(
            () => SweepSpecReader.Read(Small.Replace("recipe: default", "recipe: ./missing.yaml", StringComparison.Ordinal), "s.yaml", context));
        SpecMistake mistake = Assert.Single(refused.Mistakes);
        Assert.Equal((3, 9, "recipe"), (mistake.Line, mistake.Column, mistake.Path));
    }

    [Fact]
    public void What_the_pack_and_the_bank_lack_is_told_with_the_other_mistakes()
    {
        var context = new SweepSpecContext { CheckPack = _ => "must be one of: demo", CheckLatentFile = _ => "must be a file" };

        SpecException refused = Assert.Throws<SpecException>(() => SweepSpecReader.Read(
            Small + "\nbank: {source: file, path: x, truncation: 0.5, seed: 3}\nseed: -1", "s.yaml", context));

        Assert.Equal(["pack", "bank.path", "bank.truncation", "bank.seed", "seed"], refused.Mistakes.Select(mistake => mistake.Path));
    }

    [Fact]
    public void An_inline_recipe_without_a_base_needs_a_name_and_steps()
    {
        IReadOnlyList<SpecMistake> mistakes = Refused(Small.Replace("recipe: default", "recipe: {batch: {size: 3, microShards: 2}}", StringComparison.Ordinal));
        Assert.Equal(["recipe.batch.microShards", "recipe.name", "recipe.steps"], mistakes.Select(mistake => mistake.Path).Order(StringComparer.Ordinal));
    }

    private static string Prompts(string list) => Small.Replace("prompts: [a smiling face]", "prompts:\n" + list, StringComparison.Ordinal);

    private static SweepSpec Read(string yaml) => SweepSpecReader.Read(yaml, "sweep.yaml", new SweepSpecContext());

    private static IReadOnlyList<SpecMistake> Refused(string yaml) => Assert.Throws<SpecException>(() => Read(yaml)).Mistakes;
}
