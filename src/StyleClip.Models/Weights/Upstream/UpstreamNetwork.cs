using System.Collections.Immutable;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>A network of a foreign file, translated: float32 tensors under the keys of our networks. Owns the tensors.</summary>
public sealed class UpstreamNetwork : IDisposable
{
    internal UpstreamNetwork(string format, StateDict weights) => (Format, Weights) = (format, weights);

    /// <summary>The kind of file, for people and for the record.</summary>
    public string Format { get; }

    /// <summary>The tensors.</summary>
    public StateDict Weights { get; }

    /// <summary>The mean latent of the file; null where it has none.</summary>
    public ImmutableArray<float>? LatentAverage { get; init; }

    /// <summary>What was done to the file's contents or is worth knowing about them, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
