using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>Checks what a manifest says of its attribute network.</summary>
internal static class PackAttributeRules
{
    // Far above any network that reads attributes, far below what would exhaust memory.
    private const int MaxInput = 1024, MaxWidth = 2048, MaxStages = 16, MaxUnits = 64, MaxValues = 10_000;
    private const int MaxAttributes = 10_000, MaxPrompts = 100, MaxText = 200;

    /// <summary>Every rule that the section breaks, each as path, value and rule.</summary>
    public static IEnumerable<string> Validate(PackAttributes section)
    {
        ImmutableArray<PackIdentityStage> stages = section.Stages.IsDefault ? [] : section.Stages;
        ImmutableArray<PackAttribute> list = section.List.IsDefault ? [] : section.List;
        return
        [
            .. Broken(
                (section.InputSize is > 0 and <= MaxInput, $"inputSize is {section.InputSize}; it must be 1 to {MaxInput}"),
                (section.EmbeddingDim is > 0 and <= MaxWidth, $"embeddingDim is {section.EmbeddingDim}; it must be 1 to {MaxWidth}"),
                (section.StemStride is 1 or 2, $"stemStride is {section.StemStride}; it must be 1 or 2"),
                (section.Values is > 0 and <= MaxValues, $"values is {section.Values}; it must be 1 to {MaxValues}"),
                (stages.Length is > 0 and <= MaxStages, $"stages has {stages.Length} stages; it must have 1 to {MaxStages}"),
                (list.Length is > 0 and <= MaxAttributes, $"list has {list.Length} attributes; it must have 1 to {MaxAttributes}")),
            .. stages.SelectMany((stage, i) => ValidateStage(stage, i, section.SqueezeReduction)),
            .. list.SelectMany((attribute, i) => ValidateAttribute(attribute, i, section.Values)),
            .. list.CountBy(attribute => attribute.Name, StringComparer.Ordinal).Where(name => name.Value > 1)
                .Select(name => $"attributes.list has {name.Value} attributes named '{name.Key}'; names must differ"),
        ];
    }

    private static IEnumerable<string> ValidateStage(PackIdentityStage stage, int i, int squeeze) => Broken(
        (stage is { In: > 0 and <= MaxWidth, Out: > 0 and <= MaxWidth }, $"stages[{i}] has {stage.In} to {stage.Out} channels; they must be 1 to {MaxWidth}"),
        (stage.Units is > 0 and <= MaxUnits, $"stages[{i}].units is {stage.Units}; it must be 1 to {MaxUnits}"),
        (stage.Stride is 1 or 2, $"stages[{i}].stride is {stage.Stride}; it must be 1 or 2"),
        (squeeze > 0 && squeeze <= stage.Out, $"squeezeReduction is {squeeze}; it must be 1 to {stage.Out}, the channels of stages[{i}]"));

    private static IEnumerable<string> ValidateAttribute(PackAttribute attribute, int i, int values) => Broken(
        (IsText(attribute.Name), $"list[{i}].name has {attribute.Name.Length} characters; it must have 1 to {MaxText}"),
        (attribute.Index >= 0 && attribute.Index < values, $"list[{i}].index is {attribute.Index}; it must be 0 to {values - 1}"),
        (float.IsFinite(attribute.Threshold), $"list[{i}].threshold is {attribute.Threshold}; it must be finite"),
        (!attribute.Prompts.IsDefault && attribute.Prompts.Length <= MaxPrompts && attribute.Prompts.All(IsText), $"list[{i}].prompts must be at most {MaxPrompts} texts of 1 to {MaxText} characters"));

    private static bool IsText(string text) => text.Length is > 0 and <= MaxText;

    private static IEnumerable<string> Broken(params IEnumerable<(bool Holds, string Problem)> rules) =>
        rules.Where(rule => !rule.Holds).Select(rule => "attributes." + rule.Problem);
}
