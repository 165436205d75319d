namespace StyleClip.Contracts.Validation;

/// <summary>A YAML file that another one refers to.</summary>
/// <param name="FileName">Its name, for messages.</param>
/// <param name="Yaml">Its text.</param>
public sealed record SpecDocument(string FileName, string Yaml);
