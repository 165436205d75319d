using System.Diagnostics.Metrics;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Node;

/// <summary>What a node measures beside the training itself.</summary>
internal static class NodeInstruments
{
    private static readonly Meter Meter = new(StyleClipMeter.Name);

    public static Counter<long> GradientBytes { get; } = Meter.CreateCounter<long>(
        "styleclip_gradient_sent", "By", "Bytes of gradients and states that this node's members sent to the others.");

    public static Counter<long> BankLatents { get; } = Meter.CreateCounter<long>(
        "styleclip_bank_latents", "{latent}", "Latents whose source features this node computed.");

    public static Histogram<double> CheckpointStoreDuration { get; } = Meter.CreateHistogram<double>(
        "styleclip_checkpoint_store_duration",
        "s",
        "Seconds to write a checkpoint into the store and to tell the job; training goes on meanwhile.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    public static Counter<long> CheckpointFailures { get; } = Meter.CreateCounter<long>(
        "styleclip_checkpoint_failures", description: "Tries to store a checkpoint that failed; each is tried again.");
}
