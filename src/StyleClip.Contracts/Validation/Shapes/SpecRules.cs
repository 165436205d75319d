using System.Collections.Frozen;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>
/// The one table of what numbers and texts may be. A member that is missing here cannot be read, which the first use says.
/// </summary>
internal static class SpecRules
{
    private const double Steps = 10_000_000;

    // The largest whole numbers that every JSON tool keeps exactly.
    private const double LargestSeed = 9_007_199_254_740_991;

    private static readonly FrozenDictionary<(Type, string), NumberRange> Ranges = new Dictionary<(Type, string), NumberRange>
    {
        [(typeof(RecipeSpec), nameof(RecipeSpec.Steps))] = new(1, Steps),
        [(typeof(RecipeSpec), nameof(RecipeSpec.CheckpointEverySteps))] = new(1, Steps),
        [(typeof(RecipeSpec), nameof(RecipeSpec.StripFaces))] = new(1, 32),
        [(typeof(MapperRecipe), nameof(MapperRecipe.CoarseEnd))] = new(1, 18),
        [(typeof(MapperRecipe), nameof(MapperRecipe.MediumEnd))] = new(2, 18),
        [(typeof(MapperRecipe), nameof(MapperRecipe.Depth))] = new(1, 16),
        [(typeof(MapperRecipe), nameof(MapperRecipe.Strength))] = new(0, 100, IsMinOpen: true),
        [(typeof(LossRecipe), nameof(LossRecipe.Clip))] = new(0, 1000, IsMinOpen: true),
        [(typeof(LossRecipe), nameof(LossRecipe.Identity))] = new(0, 1000),
        [(typeof(LossRecipe), nameof(LossRecipe.LatentL2))] = new(0, 1000),
        [(typeof(OptimizerRecipe), nameof(OptimizerRecipe.LearningRate))] = new(0, 1000, IsMinOpen: true),
        [(typeof(OptimizerRecipe), nameof(OptimizerRecipe.WarmUpSteps))] = new(0, Steps),
        [(typeof(OptimizerRecipe), nameof(OptimizerRecipe.Beta1))] = new(0, 1, IsMaxOpen: true),
        [(typeof(OptimizerRecipe), nameof(OptimizerRecipe.Beta2))] = new(0, 1, IsMaxOpen: true),
        [(typeof(OptimizerRecipe), nameof(OptimizerRecipe.Epsilon))] = new(0, 1, IsMinOpen: true),
        [(typeof(BatchRecipe), nameof(BatchRecipe.Size))] = new(1, 4096),
        [(typeof(BatchRecipe), nameof(BatchRecipe.MicroShards))] = new(1, 4096),
        [(typeof(ValidationRecipe), nameof(ValidationRecipe.EverySteps))] = new(1, Steps),
        [(typeof(ValidationRecipe), nameof(ValidationRecipe.BatchSize))] = new(1, 4096),
        [(typeof(EarlyStoppingRecipe), nameof(EarlyStoppingRecipe.Patience))] = new(1, 1_000_000),
        [(typeof(EarlyStoppingRecipe), nameof(EarlyStoppingRecipe.MinImprovement))] = new(0, 1000),
        [(typeof(GuardRecipe), nameof(GuardRecipe.DivergenceFactor))] = new(1, 1_000_000, IsMinOpen: true),
        [(typeof(GuardRecipe), nameof(GuardRecipe.DivergencePatience))] = new(0, 1_000_000),
        [(typeof(BankSpec), nameof(BankSpec.Count))] = new(1, 10_000_000),
        [(typeof(BankSpec), nameof(BankSpec.Validation))] = new(1, 100_000),
        [(typeof(BankSpec), nameof(BankSpec.Truncation))] = new(0, 1, IsMinOpen: true),
        [(typeof(BankSpec), nameof(BankSpec.Seed))] = new(0, LargestSeed),
        [(typeof(BankSpec), nameof(BankSpec.ShardSize))] = new(1, 65_536),
        [(typeof(BudgetSpec), nameof(BudgetSpec.Steps))] = new(1, Steps),
        [(typeof(BudgetSpec), nameof(BudgetSpec.Devices))] = new(1, 100_000),
        [(typeof(BudgetSpec), nameof(BudgetSpec.Priority))] = new(0, 100),
        [(typeof(GateSpec), nameof(GateSpec.ClipGain))] = new(-2, 2),
        [(typeof(GateSpec), nameof(GateSpec.IdentitySimilarity))] = new(-1, 1),
        [(typeof(OptimizationRecipe), nameof(OptimizationRecipe.Count))] = new(1, 100_000),
        [(typeof(OptimizationRecipe), nameof(OptimizationRecipe.Steps))] = new(1, 1_000_000),
        [(typeof(OptimizationRecipe), nameof(OptimizationRecipe.LearningRate))] = new(0, 1000, IsMinOpen: true),
        [(typeof(OptimizationRecipe), nameof(OptimizationRecipe.LatentL2))] = new(0, 1000),
        [(typeof(OptimizationRecipe), nameof(OptimizationRecipe.Identity))] = new(0, 1000),
        [(typeof(DirectionRecipe), nameof(DirectionRecipe.Alpha))] = new(-1000, 1000),
        [(typeof(DirectionRecipe), nameof(DirectionRecipe.Beta))] = new(0, 1),
        [(typeof(DirectionRecipe), nameof(DirectionRecipe.AutoBetaChannels))] = new(0, 1_000_000),
        [(typeof(DirectionTableSpec), nameof(DirectionTableSpec.Samples))] = new(2, 10_000_000),
        [(typeof(DirectionTableSpec), nameof(DirectionTableSpec.Images))] = new(1, 100_000),
        [(typeof(DirectionTableSpec), nameof(DirectionTableSpec.StrengthSigma))] = new(0, 1000, IsMinOpen: true),
        [(typeof(DirectionTableSpec), nameof(DirectionTableSpec.LastLayer))] = new(0, 1000),
        [(typeof(DirectionTableSpec), nameof(DirectionTableSpec.Truncation))] = new(0, 1, IsMinOpen: true),
        [(typeof(DirectionTableSpec), nameof(DirectionTableSpec.Seed))] = new(0, LargestSeed),
        [(typeof(DirectionTableSpec), nameof(DirectionTableSpec.ImagesPerPass))] = new(1, 4096),
        [(typeof(ComparisonSpec), nameof(ComparisonSpec.Latents))] = new(1, 64),
        [(typeof(DomainRecipe), nameof(DomainRecipe.Pictures))] = new(64, 100_000),
        [(typeof(DomainRecipe), nameof(DomainRecipe.Latents))] = new(1, 64),
        [(typeof(DomainRecipe), nameof(DomainRecipe.Steps))] = new(1, 1_000),
        [(typeof(SweepSpec), nameof(SweepSpec.Seed))] = new(0, LargestSeed),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<(Type, string), TextShape> Texts = new Dictionary<(Type, string), TextShape>
    {
        [(typeof(RecipeSpec), nameof(RecipeSpec.Name))] = TextShape.Name,
        [(typeof(BankSpec), nameof(BankSpec.Path))] = TextShape.Line,
    }.ToFrozenDictionary();

    public static NumberRange RangeOf(Type record, string member) => Find(Ranges, record, member);

    public static TextShape TextOf(Type record, string member) => Find(Texts, record, member);

    private static T Find<T>(FrozenDictionary<(Type, string), T> table, Type record, string member) where T : class =>
        table.GetValueOrDefault((record, member))
        ?? throw new InvalidOperationException($"{record.Name}.{member} has no entry in {nameof(SpecRules)}.");
}
