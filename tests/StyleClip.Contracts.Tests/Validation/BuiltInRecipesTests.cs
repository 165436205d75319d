using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Validation;

public sealed class BuiltInRecipesTests
{
    [Fact]
    public void Both_recipes_travel_inside_the_program() => Assert.Equal(["default", "styleclip-2021"], BuiltInRecipes.Names);

    [Fact]
    public void A_recipe_that_is_not_shipped_is_not_found() => Assert.Null(BuiltInRecipes.Find("no-such-recipe"));

    [Fact]
    public void The_published_recipe_has_the_published_constants()
    {
        Assert.Equal(
            new RecipeSpec
            {
                Name = "styleclip-2021",
                Steps = 50_000,
                Mapper = new MapperRecipe
                {
                    Kind = MapperKind.Levels,
                    Levels = Levels.All,
                    CoarseEnd = 4,
                    MediumEnd = 8,
                    Depth = 4,
                    PixelNormAxis = PixelNormAxis.Layer,
                    Strength = 0.1,
                },
                Loss = new LossRecipe { Clip = 1, Identity = 0.1, LatentL2 = 0.8, ClipInput = ClipInput.Raw, ClipTarget = ClipTarget.Similarity },
                Optimizer = new OptimizerRecipe { Kind = OptimizerKind.Ranger, LearningRate = 0.5, Beta1 = 0.95, Beta2 = 0.999, Epsilon = 1e-5 },
                Batch = new BatchRecipe { Size = 2, MicroShards = 1 },
                Validation = new ValidationRecipe { EverySteps = 2000, BatchSize = 1 },
                Guard = new GuardRecipe { DivergenceFactor = 1000, DivergencePatience = 1 },
                CheckpointEverySteps = 2000,
            },
            Read("styleclip-2021"));
    }

    [Fact]
    public void The_recommended_recipe_has_the_measured_constants()
    {
        Assert.Equal(
            new RecipeSpec
            {
                Name = "default",
                Steps = 300,
                Loss = new LossRecipe { Identity = 0.5, LatentL2 = 0.3 },
                Optimizer = new OptimizerRecipe
                {
                    Kind = OptimizerKind.Adam,
                    LearningRate = 1,
                    Schedule = ScheduleKind.Cosine,
                    Beta1 = 0.9,
                    Beta2 = 0.999,
                    Epsilon = 1e-8,
                },
                Batch = new BatchRecipe { Size = 8, MicroShards = 2 },
                EarlyStopping = new EarlyStoppingRecipe(),
                Domain = new DomainRecipe { Pictures = 256, Latents = 4, Steps = 30 },
            },
            Read("default"));
    }

    [Fact]
    public void The_demo_sweep_has_four_prompts_and_a_small_bank()
    {
        string path = RepositoryFiles.PathOf("configs", "sweeps", "demo.yaml");

        SweepSpec spec = SweepSpecReader.Read(File.ReadAllText(path), path, SweepSpecContext.ForFile(path));

        Assert.Equal(["a face with red hair", "a face with a mohawk", "a smiling face", "a face with glasses"], spec.Prompts.Select(prompt => prompt.Text));
        Assert.Equal((1024, 64), (spec.Bank.Count, spec.Bank.Validation));
        Assert.Equal(Read("default") with { Mapper = new MapperRecipe { CoarseEnd = 3, MediumEnd = 6 } }, spec.Recipe);
    }

    private static RecipeSpec Read(string name)
    {
        SpecDocument document = BuiltInRecipes.Find(name)!;
        return RecipeReader.Read(document.Yaml, document.FileName);
    }
}
