using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Node.Segments;

/// <summary>The newest numbers of a segment, written by the device thread and read by the task that reports them.</summary>
internal sealed class SegmentProgress(TimeProvider time)
{
    private const double SpeedSmoothing = 0.25;

    private volatile string? _activity;
    private volatile MemberIdentity? _identity;
    private volatile StepReport? _step;
    private volatile ValidationReport? _validation;
    private volatile int _stepsDone = -1;
    private (int Step, long At)? _lastRead;
    private double? _speed;

    public string? Activity
    {
        set => _activity = value;
    }

    /// <summary>What the device is, once it has loaded the pack.</summary>
    public MemberIdentity? Identity
    {
        set => _identity = value;
    }

    public StepReport? Step
    {
        set => _step = value;
    }

    /// <summary>Steps done, where a step measures nothing.</summary>
    public int StepsDone
    {
        set => _stepsDone = value;
    }

    public ValidationReport? Validation
    {
        set => _validation = value;
    }

    /// <summary>The report for now; its speed is smoothed over the last few. To be called from one task only.</summary>
    public WorkerProgress Read(Guid lease)
    {
        StepReport? step = _step;
        int? stepsDone = step?.Step ?? (_stepsDone < 0 ? null : _stepsDone);
        long now = time.GetTimestamp();
        if (stepsDone is { } done && _lastRead?.Step != done)
        {
            if (_lastRead is { } last)
            {
                double speed = (done - last.Step) / time.GetElapsedTime(last.At, now).TotalSeconds;
                _speed = _speed is { } before ? before + (SpeedSmoothing * (speed - before)) : speed;
            }

            _lastRead = (done, now);
        }

        return new WorkerProgress
        {
            Lease = lease,
            Identity = _identity,
            Activity = step is null ? _activity : null,
            LastStep = step,
            StepsDone = step is null ? stepsDone : null,
            LastValidation = _validation,
            StepsPerSecond = _speed,
        };
    }
}
