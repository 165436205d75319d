using StyleClip.Contracts.Library;

namespace StyleClip.Cli.Directions;

/// <summary>The JSON document of a build.</summary>
internal sealed record DirectionBuildDocument(
    string Name, Digest Pack, ArtifactRef Table, ArtifactRef Card, int Rows, bool IsNew, int RangesMeasured, double Seconds);
