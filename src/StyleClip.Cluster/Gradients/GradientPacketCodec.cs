using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace StyleClip.Cluster.Gradients;

/// <summary>Writes a packet as its length and its bytes, and reads it into a rented buffer: no copies in between, nothing for the collector.</summary>
[RegisterSerializer]
internal sealed class GradientPacketCodec : IFieldCodec<GradientPacket>
{
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, GradientPacket? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        ArgumentNullException.ThrowIfNull(value);
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(GradientPacket), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)value.Content.Length);
        writer.Write(value.Content.Span);
    }

    public GradientPacket ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType != WireType.LengthPrefixed) throw new InvalidDataException($"A gradient packet came as {field.WireType}; it must be length-prefixed.");
        ReferenceCodec.MarkValueField(reader.Session);
        uint length = reader.ReadVarUInt32();
        if (length > GradientPacket.MaxLength)
            throw new InvalidDataException($"A gradient packet says that it has {length} bytes; it must not have more than {GradientPacket.MaxLength}.");
        GradientPacket packet = GradientPacket.Rent((int)length, out Span<byte> buffer);
        reader.ReadBytes(buffer);
        return packet;
    }
}

/// <summary>A packet is not copied where a call stays in its process.</summary>
[RegisterCopier]
internal sealed class GradientPacketCopier : IDeepCopier<GradientPacket>
{
    public GradientPacket? DeepCopy(GradientPacket? input, CopyContext context) => input;
}
