using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>The documents that users write.</summary>
internal static class SpecShapes
{
    /// <summary>Key of an inline recipe that names the recipe to begin with.</summary>
    public const string Base = "base";

    /// <summary>Most prompts of a sweep.</summary>
    public const int MaxPrompts = 10_000;

    /// <summary>Key of a table's name.</summary>
    public const string TableName = "name";

    /// <summary>Most direction tables of a sweep.</summary>
    public const int MaxTables = 1_000;

    /// <summary>Most prompts of a comparison.</summary>
    public const int MaxComparedPrompts = 100;

    /// <summary>A recipe file.</summary>
    public static MappingShape Recipe { get; } = RecordShape.Of(typeof(RecipeSpec), new RecipeSpec { Name = "example", Steps = 1 });

    /// <summary>A sweep file.</summary>
    public static MappingShape Sweep { get; } = new(
    [
        new("name", TextShape.Name, Member(nameof(SweepSpec.Name)), IsRequired: true),
        new("pack", TextShape.Line, Member(nameof(SweepSpec.Pack)), IsRequired: true),
        new("recipe", new EitherShape(TextShape.Line, InlineRecipe()), Member(nameof(SweepSpec.Recipe))),
        new("method", new ChoiceShape(typeof(EditMethod)), Default: "mapper", Description: "How the edits of prompts are made that do not say it themselves."),
        new("prompts", PromptList(), Member(nameof(SweepSpec.Prompts))),
        new("tables", new ListShape(Table(), 1, MaxTables), Member(nameof(SweepSpec.Tables))),
        new("bank", RecordShape.Of(typeof(BankSpec), new BankSpec(), "digest"), Member(nameof(SweepSpec.Bank))),
        new("seed", Seed(), Member(nameof(SweepSpec.Seed)), Default: 0),
        new("budget", RecordShape.Of(typeof(BudgetSpec), new BudgetSpec()), Member(nameof(SweepSpec.Budget))),
        new("gate", RecordShape.Of(typeof(GateSpec), new GateSpec()), Member(nameof(SweepSpec.Gate))),
    ]);

    /// <summary>A comparison file.</summary>
    public static MappingShape Comparison { get; } = new(
    [
        new("name", TextShape.Name, ComparisonMember(nameof(ComparisonSpec.Name)), IsRequired: true),
        new("pack", TextShape.Line, ComparisonMember(nameof(ComparisonSpec.Pack)), IsRequired: true),
        new("recipe", new EitherShape(TextShape.Line, InlineRecipe()), ComparisonMember(nameof(ComparisonSpec.Recipe)), IsRequired: true),
        new("prompts", new ListShape(ComparedPrompt(), 1, MaxComparedPrompts), ComparisonMember(nameof(ComparisonSpec.Prompts)), IsRequired: true),
        new("methods", new ListShape(new ChoiceShape(typeof(ComparisonMethod)), 1, Enum.GetValues<ComparisonMethod>().Length), ComparisonMember(nameof(ComparisonSpec.Methods))),
        new("latents", new NumberShape(SpecRules.RangeOf(typeof(ComparisonSpec), nameof(ComparisonSpec.Latents)), isWhole: true), ComparisonMember(nameof(ComparisonSpec.Latents)), Default: ComparisonSpec.DefaultLatents),
        new("bank", RecordShape.Of(typeof(BankSpec), new BankSpec(), "digest"), ComparisonMember(nameof(ComparisonSpec.Bank))),
        new("seed", Seed(), ComparisonMember(nameof(ComparisonSpec.Seed)), Default: 0),
    ]);

    private static MappingShape InlineRecipe() => Recipe.Partial().With(
        new SpecField(Base, TextShape.Line, Description: "The recipe to begin with: a name or a path. Without it, name and steps are needed."));

    private static NumberShape Seed() => new(SpecRules.RangeOf(typeof(SweepSpec), nameof(SweepSpec.Seed)), isWhole: true);

    private static ListShape PromptList() => new(new EitherShape(TextShape.Line, Prompt()), 1, MaxPrompts);

    private static MappingShape Prompt() => new(
    [
        new("text", TextShape.Line, PromptMember(nameof(PromptSpec.Text)), IsRequired: true),
        new("neutral", new NullableShape(TextShape.Line), PromptMember(nameof(PromptSpec.Neutral))),
        new("method", new ChoiceShape(typeof(EditMethod)), PromptMember(nameof(PromptSpec.Method))),
        new("overrides", Recipe.Partial("overrides"), PromptMember(nameof(PromptSpec.Recipe))),
    ]);

    private static MappingShape Table() => RecordShape.Of(typeof(DirectionTableSpec), new DirectionTableSpec()).With(
        new SpecField(TableName, TextShape.TableName, typeof(TableSpec).GetProperty(nameof(TableSpec.Name))!));

    private static MappingShape ComparedPrompt() => new(
    [
        new("text", TextShape.Line, ComparisonPromptMember(nameof(ComparisonPrompt.Text)), IsRequired: true),
        new("neutral", TextShape.Line, ComparisonPromptMember(nameof(ComparisonPrompt.Neutral)), IsRequired: true),
        new("kind", new ChoiceShape(typeof(PromptKind)), ComparisonPromptMember(nameof(ComparisonPrompt.Kind)), IsRequired: true),
        new("overrides", Recipe.Partial("overrides"), ComparisonPromptMember(nameof(ComparisonPrompt.Recipe))),
    ]);

    private static System.Reflection.PropertyInfo ComparisonMember(string name) => typeof(ComparisonSpec).GetProperty(name)!;

    private static System.Reflection.PropertyInfo ComparisonPromptMember(string name) => typeof(ComparisonPrompt).GetProperty(name)!;

    private static System.Reflection.PropertyInfo Member(string name) => typeof(SweepSpec).GetProperty(name)!;

    private static System.Reflection.PropertyInfo PromptMember(string name) => typeof(PromptSpec).GetProperty(name)!;
}
