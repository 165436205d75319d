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
}
