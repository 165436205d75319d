namespace StyleClip.Contracts.Recipes;

/// <summary>Hyperparameters of a prompt's edit, above all of a mapper's training. Two are shipped: <c>styleclip-2021</c> and <c>default</c> (configs/recipes).</summary>
public sealed record RecipeSpec
{
    /// <summary>Name of the recipe, <c>[a-z0-9-]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Global steps per prompt, 1 to 10,000,000.</summary>
    public required int Steps { get; init; }

    /// <summary>Which mapper is trained.</summary>
    public MapperRecipe Mapper { get; init; } = new();

    /// <summary>Terms of the objective and their weights.</summary>
    public LossRecipe Loss { get; init; } = new();

    /// <summary>Update rule.</summary>
    public OptimizerRecipe Optimizer { get; init; } = new();

    /// <summary>Global batch and its division into micro-shards.</summary>
    public BatchRecipe Batch { get; init; } = new();

    /// <summary>When the held-out latents are measured.</summary>
    public ValidationRecipe Validation { get; init; } = new();

    /// <summary>When training ends before <see cref="Steps"/>; absent: never.</summary>
    public EarlyStoppingRecipe? EarlyStopping { get; init; }

    /// <summary>Limits whose breach stops the job with a reason.</summary>
    public GuardRecipe Guard { get; init; } = new();

    /// <summary>Steps between checkpoints, at least 1. A checkpoint is also written where training ends or pauses.</summary>
    public int CheckpointEverySteps { get; init; } = 50;

    /// <summary>Faces in the before/after strip, 1 to 32.</summary>
    public int StripFaces { get; init; } = 8;

    /// <summary>For prompts of method <see cref="Edits.EditMethod.Optimization"/>; absent: as published.</summary>
    public OptimizationRecipe? Optimization { get; init; }

    /// <summary>For prompts of method <see cref="Edits.EditMethod.Direction"/>; absent: the defaults.</summary>
    public DirectionRecipe? Direction { get; init; }

    /// <summary>Whether the prompt is one that the generator can draw, found out after a mapper's training; absent: not asked.</summary>
    public DomainRecipe? Domain { get; init; }
}
