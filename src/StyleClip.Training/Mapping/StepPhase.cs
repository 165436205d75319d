namespace StyleClip.Training.Mapping;

/// <summary>Parts of a training step, as its duration is told. On a GPU work runs behind the calls: time shows where the host waited.</summary>
internal enum StepPhase
{
    Mapper,
    Synthesis,
    Clip,
    Identity,
    Backward,
    Reduce,
    Optimizer,
}
