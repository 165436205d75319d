using System.Diagnostics.CodeAnalysis;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Training.Mapping;

/// <summary>Everything that a job needs to continue as if nothing had happened, and a picture of where it stands.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="State">Whole training state, safetensors: what <see cref="MapperTraining"/> takes to continue.</param>
/// <param name="Strip">Before/after picture of the fixed faces by the mapper at this step, PNG.</param>
/// <param name="Validation">The newest validation, if there was one.</param>
/// <param name="Best">The validation of the best mapper so far, if there was one.</param>
[SuppressMessage("Performance", "CA1819", Justification = "file contents, on their way to the store")]
public sealed record TrainingCheckpoint(int Step, byte[] State, byte[] Strip, ValidationReport? Validation, ValidationReport? Best);
