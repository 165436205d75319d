using StyleClip.Contracts.Comparisons;

namespace StyleClip.Cli.Comparing.Reports;

/// <summary>The pictures of a comparison, PNG.</summary>
/// <param name="Sources">One per latent.</param>
/// <param name="Edited">One list per prompt and method that has a result.</param>
internal sealed record ReportPictures(IReadOnlyList<byte[]> Sources, IReadOnlyDictionary<(int Prompt, ComparisonMethod Method), IReadOnlyList<byte[]>> Edited);
