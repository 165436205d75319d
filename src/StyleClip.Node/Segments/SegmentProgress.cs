using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Node.Segments;

/// <summary>The newest numbers of a segment, written by the device thread and read by the task that reports them.</summary>
internal sealed class SegmentProgress(TimeProvider time)
{
    private volatile string? _activity;
    private volatile StepReport? _step;
    private volatile ValidationReport? _validation;
    private (int Step, long At)? _lastRead;

    public string? Activity
    {
        set => _activity = value;
    }

    public StepReport? Step
    {
        set => _step = value;
    }

    public ValidationReport? Validation
    {
        set => _validation = value;
    }

    /// <summary>The report for now; its speed is that since the last one. To be called from one task only.</summary>
    public WorkerProgress Read(long epoch)
    {
        StepReport? step = _step;
        long now = time.GetTimestamp();
        double? speed = step is not null && _lastRead is { } last && step.Step > last.Step
            ? (step.Step - last.Step) / time.GetElapsedTime(last.At, now).TotalSeconds
            : null;
        if (step is not null && _lastRead?.Step != step.Step) _lastRead = (step.Step, now);
        return new WorkerProgress
        {
            Epoch = epoch,
            Activity = step is null ? _activity : null,
            LastStep = step,
            LastValidation = _validation,
            StepsPerSecond = speed,
        };
    }
}
