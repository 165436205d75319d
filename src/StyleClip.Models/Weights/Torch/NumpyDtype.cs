using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>A NumPy element type as pickles describe it.</summary>
internal sealed class NumpyDtype(string code)
{
    public ScalarType Type { get; } = code.TrimStart('<', '|', '=') switch
    {
        "f8" => ScalarType.Float64,
        "f4" => ScalarType.Float32,
        "f2" => ScalarType.Float16,
        "i8" => ScalarType.Int64,
        "i4" => ScalarType.Int32,
        "i2" => ScalarType.Int16,
        "i1" => ScalarType.Int8,
        "u1" => ScalarType.Byte,
        "b1" => ScalarType.Bool,
        _ => throw new InvalidDataException($"the file holds a NumPy array of type \"{code}\", which is not read"),
    };

    /// <summary>NumPy's name of an element type.</summary>
    public static string Code(ScalarType type) => type switch
    {
        ScalarType.Float64 => "<f8",
        ScalarType.Float32 => "<f4",
        ScalarType.Float16 => "<f2",
        ScalarType.Int64 => "<i8",
        ScalarType.Int32 => "<i4",
        ScalarType.Int16 => "<i2",
        ScalarType.Int8 => "|i1",
        ScalarType.Byte => "|u1",
        ScalarType.Bool => "|b1",
        _ => throw new WeightsException($"NumPy has no element type {type}."),
    };

    /// <summary>Takes the state (version, byte order, ...).</summary>
    public void Restore(object?[] state)
    {
        if (state is [_, ">", ..]) throw new InvalidDataException("the file holds a NumPy array in big-endian byte order, which is not read");
        _ = Type;
    }

    public object Scalar(byte[] bytes)
    {
        if (bytes.Length != TorchStorage.ElementSize(Type)) throw new InvalidDataException($"a NumPy scalar of type {Type} has {bytes.Length} bytes");
        return Type switch
        {
            ScalarType.Float64 => BitConverter.ToDouble(bytes),
            ScalarType.Float32 => (double)BitConverter.ToSingle(bytes),
            ScalarType.Float16 => (double)BitConverter.ToHalf(bytes),
            ScalarType.Int64 => BitConverter.ToInt64(bytes),
            ScalarType.Int32 => (long)BitConverter.ToInt32(bytes),
            ScalarType.Int16 => (long)BitConverter.ToInt16(bytes),
            ScalarType.Int8 => (long)(sbyte)bytes[0],
            ScalarType.Bool => bytes[0] != 0,
            _ => (long)bytes[0],
        };
    }
}
