using System.Buffers;

namespace StyleClip.Cluster.Gradients;

/// <summary>
/// Bytes on their way between members. What arrives over the wire lies in a rented buffer, which whoever receives it gives back; what a
/// member sends is its own memory, which it must not change until the call has returned. A call within one process passes the very object.
/// </summary>
public sealed class GradientPacket
{
    private byte[]? _rented;

    public GradientPacket(ReadOnlyMemory<byte> content) => Content = content;

    private GradientPacket(byte[] rented, int length) => (_rented, Content) = (rented, rented.AsMemory(0, length));

    /// <summary>Most bytes of a packet.</summary>
    public static int MaxLength => ReductionPlan.ChunkBytes;

    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>A packet to be filled by the reader of the wire.</summary>
    internal static GradientPacket Rent(int length, out Span<byte> buffer)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        buffer = rented.AsSpan(0, length);
        return new GradientPacket(rented, length);
    }

    /// <summary>Gives a rented buffer back; the content must not be used any more. Does nothing to a sender's own memory.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _rented, null) is not { } rented) return;
        Content = default;
        ArrayPool<byte>.Shared.Return(rented);
    }
}
