namespace StyleClip.Contracts.Domain;

/// <summary>How near the generator comes to one reference prompt.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="FoundSimilarity">As <see cref="DomainReport.FoundSimilarity"/>.</param>
/// <param name="DrawnSimilarity">As <see cref="DomainReport.DrawnSimilarity"/>.</param>
public sealed record CalibrationPrompt(string Text, double FoundSimilarity, double DrawnSimilarity);
