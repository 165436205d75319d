using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Gradients;

/// <summary>
/// What one micro-shard contributes to a step, as one flat vector: the gradient of every parameter in the mapper's order, then the raw
/// CLIP, identity and latent terms. The terms travel with the gradient so that every member reports the same numbers.
/// </summary>
/// <param name="Shard">Number of the micro-shard, from 0.</param>
/// <param name="Values">Float32 [P + 3] on the device that computed it, means over the micro-shard's latents.</param>
public sealed record MicroShardGradient(int Shard, Tensor Values)
{
    /// <summary>Loss terms at the end of <see cref="Values"/>.</summary>
    public const int Terms = 3;

    /// <summary>Copies the vector to host memory, for sending.</summary>
    /// <param name="destination">As many floats as <see cref="Values"/> has.</param>
    public void CopyTo(Span<float> destination)
    {
        using Tensor host = Values.to(CPU, copy: true);
        MemoryMarshal.Cast<byte, float>(host.bytes).CopyTo(destination);
    }

    /// <summary>Makes a vector of host memory, such as a total that was received.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="device">Where the vector shall be.</param>
    /// <returns>Float32 [values.Length], owned by the caller.</returns>
    public static Tensor FromSpan(ReadOnlySpan<float> values, Device device)
    {
        Tensor host = empty(values.Length, ScalarType.Float32, CPU);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(host.bytes));
        if (device.type == DeviceType.CPU) return host;
        using (host) return host.to(device);
    }
}
