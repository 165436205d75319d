using System.Runtime.InteropServices;
using StyleClip.Models;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Training.Latents;

/// <summary>A safetensors file with one tensor <c>latents</c>: W codes [N, D] or W+ codes [N, L, D].</summary>
internal static class LatentFile
{
    private const string Name = "the latent file";
    private const string Key = "latents";

    public static ReadOnlyMemory<byte> Require(ReadOnlyMemory<byte>? file) =>
        file is { IsEmpty: false } given ? given : throw new ArgumentException("The bank is read from a file of latents; none was given.", nameof(file));

    public static int CountRows(ReadOnlyMemory<byte> file)
    {
        using StateDict tensors = Read(file);
        return checked((int)Latents(tensors).shape[0]);
    }

    /// <summary>Rows of the file as float32, in the caller's dispose scope.</summary>
    public static Tensor Slice(ReadOnlyMemory<byte> file, GeneratorSpec generator, int first, int count)
    {
        using StateDict tensors = Read(file);
        Tensor latents = Latents(tensors);
        long[] shape = latents.shape;
        bool fits = shape[^1] == generator.StyleDim && (shape.Length == 2 || shape[1] == generator.StyleLayers);
        if (!fits)
        {
            throw new WeightsException(
                $"{Name}: {Key} has shape {Shape.Format(shape)}; the generator takes [N, {generator.StyleDim}] (W) or [N, {generator.StyleLayers}, {generator.StyleDim}] (W+).");
        }

        return latents.narrow(0, first, count).to(ScalarType.Float32, copy: true);
    }

    private static Tensor Latents(StateDict tensors)
    {
        if (!tensors.TryGetValue(Key, out Tensor? latents))
            throw new WeightsException($"{Name}: it has the tensors {string.Join(", ", tensors.Keys)}; it must have {Key}.");
        if (latents.dim() is not (2 or 3) || !latents.is_floating_point())
            throw new WeightsException($"{Name}: {Key} is {latents.dtype} {Shape.Format(latents.shape)}; it must be floating point, [N, D] (W) or [N, L, D] (W+).");
        return latents;
    }

    private static StateDict Read(ReadOnlyMemory<byte> file)
    {
        using MemoryStream stream = MemoryMarshal.TryGetArray(file, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(file.ToArray(), writable: false);
        return SafetensorsReader.Read(stream, Name);
    }
}
