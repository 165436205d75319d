using System.Diagnostics.Metrics;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Training;

/// <summary>What one device measures while it trains. Losses of a job are exported by the cluster, which knows them from the reports.</summary>
internal static class TrainingInstruments
{
    private static readonly Meter Meter = new(StyleClipMeter.Name);

    public static Histogram<double> StepDuration { get; } = Meter.CreateHistogram<double>(
        "styleclip_step_duration",
        "s",
        "Seconds of a training step spent in each phase.",
        advice: new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    public static Counter<long> Steps { get; } = Meter.CreateCounter<long>("styleclip_steps", "{step}", "Updates done, recomputed ones included.");

    public static Counter<long> Samples { get; } = Meter.CreateCounter<long>("styleclip_samples", "{latent}", "Latents that this node trained on.");

    public static Counter<long> NonfiniteSteps { get; } = Meter.CreateCounter<long>(
        "styleclip_nonfinite_steps", "{step}", "Steps whose loss or gradient was not a finite number.");

    public static Histogram<double> CheckpointDuration { get; } = Meter.CreateHistogram<double>(
        "styleclip_checkpoint_duration",
        "s",
        "Seconds to make a checkpoint.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    public static Histogram<long> CheckpointSize { get; } = Meter.CreateHistogram<long>(
        "styleclip_checkpoint",
        "By",
        "Size of a checkpoint's training state.",
        advice: new() { HistogramBucketBoundaries = [1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20, 1 << 30] });
}
