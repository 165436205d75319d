using StyleClip.Contracts.Comparisons;

namespace StyleClip.Training.Comparison;

/// <summary>Means of measured numbers. What is absent in some is the mean of the others.</summary>
public static class EditMeans
{
    /// <summary>Mean of at least one.</summary>
    public static EditNumbers Of(IReadOnlyCollection<EditNumbers> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentOutOfRangeException.ThrowIfZero(numbers.Count, nameof(numbers));
        return new EditNumbers
        {
            SourceSimilarity = numbers.Average(one => one.SourceSimilarity),
            EditedSimilarity = numbers.Average(one => one.EditedSimilarity),
            DirectionalSimilarity = numbers.Average(one => one.DirectionalSimilarity),
            IdentitySimilarity = numbers.Average(one => one.IdentitySimilarity),
            WPlusDistance = numbers.Average(one => one.WPlusDistance),
            StyleDistance = numbers.Average(one => one.StyleDistance),
            PixelDistance = numbers.Average(one => one.PixelDistance),
            SourceHasAttribute = numbers.Average(one => one.SourceHasAttribute),
            EditedHasAttribute = numbers.Average(one => one.EditedHasAttribute),
            OtherAttributesChanged = numbers.Average(one => one.OtherAttributesChanged),
        };
    }

    /// <summary>Mean of at least one.</summary>
    public static StepSimilarity Of(IReadOnlyCollection<StepSimilarity> similarities)
    {
        ArgumentNullException.ThrowIfNull(similarities);
        return new StepSimilarity
        {
            StyleSpace = similarities.Average(one => one.StyleSpace),
            WPlus = similarities.Average(one => one.WPlus),
        };
    }
}
