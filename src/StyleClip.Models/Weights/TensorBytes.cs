using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>Moves the raw bytes of contiguous CPU tensors to and from streams without a second copy, whatever their size.</summary>
internal static class TensorBytes
{
    // A span holds less than 2 GiB, and .NET streams like smaller pieces still.
    private const long PieceBytes = 1L << 30;

    public static void Read(Stream source, Tensor target) =>
        ForEachPiece(target, piece => source.ReadExactly(piece.bytes));

    public static void Write(Stream target, Tensor source) =>
        ForEachPiece(source, piece => target.Write(piece.bytes));

    public static void Visit(Tensor source, Action<ReadOnlySpan<byte>> visit) =>
        ForEachPiece(source, piece => visit(piece.bytes));

    /// <summary>Bytes other than 0 and 1 in a bool tensor are undefined behaviour in native code.</summary>
    public static bool HasInvalidBool(Tensor tensor)
    {
        if (tensor.dtype != ScalarType.Bool) return false;
        bool invalid = false;
        ForEachPiece(tensor, piece => invalid |= piece.bytes.ContainsAnyExceptInRange((byte)0, (byte)1));
        return invalid;
    }

    private static void ForEachPiece(Tensor tensor, Action<Tensor> visit)
    {
        long elements = tensor.numel();
        if (elements == 0) return;
        long elementsPerPiece = PieceBytes / tensor.element_size();
        if (elements <= elementsPerPiece)
        {
            visit(tensor);
            return;
        }

        using Tensor flat = tensor.view(-1);
        for (long start = 0; start < elements; start += elementsPerPiece)
        {
            using Tensor piece = flat.narrow(0, start, Math.Min(elementsPerPiece, elements - start));
            visit(piece);
        }
    }
}
