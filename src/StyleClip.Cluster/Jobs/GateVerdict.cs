using System.Globalization;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Jobs;

/// <summary>Whether a mapper's metrics reach the gate.</summary>
/// <param name="Passes">True where every limit holds.</param>
/// <param name="Reason">What does not hold, with the numbers; null where the gate holds.</param>
internal sealed record GateVerdict(bool Passes, string? Reason)
{
    public static GateVerdict Of(GateSpec gate, ValidationReport metrics)
    {
        var broken = new List<string>();
        if (gate.ClipGain is { } gain && !(metrics.ClipGain >= gain))
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"CLIP gain {metrics.ClipGain:0.####} is below {gain:0.####}"));
        if (gate.IdentitySimilarity is { } floor && metrics.IdentitySimilarity is { } similarity && !(similarity >= floor))
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"identity similarity {similarity:0.####} is below {floor:0.####}"));
        return broken.Count == 0 ? new GateVerdict(true, null) : new GateVerdict(false, $"The gate does not hold: {string.Join("; ", broken)}.");
    }
}
