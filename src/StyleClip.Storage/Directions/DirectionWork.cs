using StyleClip.Contracts.Directions;

namespace StyleClip.Storage.Directions;

/// <summary>What a worker of a direction table should do next.</summary>
/// <param name="Unit">The unit that it has claimed; null: nothing is left, or others measure it: ask again.</param>
/// <param name="State">How far the table is.</param>
public sealed record DirectionWork(int? Unit, DirectionBuildState State);
