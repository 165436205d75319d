using System.Diagnostics.CodeAnalysis;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Training.Mapping;

/// <summary>How a run ended.</summary>
/// <param name="End">Why it came back.</param>
/// <param name="Step">Updates done.</param>
/// <param name="Reason">What happened, with numbers; null for <see cref="TrainingEnd.Finished"/>, <see cref="TrainingEnd.Paused"/> and <see cref="TrainingEnd.Interrupted"/>.</param>
/// <param name="Mapper">The best mapper: safetensors with the upstream keys and nothing else. Null unless the training is over with a validated mapper.</param>
/// <param name="Strip">Before/after picture by that mapper, PNG; null where <paramref name="Mapper"/> is.</param>
/// <param name="Best">Validation of that mapper; null without one.</param>
[SuppressMessage("Performance", "CA1819", Justification = "file contents, on their way to the store")]
public sealed record TrainingOutcome(TrainingEnd End, int Step, string? Reason, byte[]? Mapper, byte[]? Strip, ValidationReport? Best);
