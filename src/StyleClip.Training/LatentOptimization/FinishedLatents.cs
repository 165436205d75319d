using System.Runtime.InteropServices;
using StyleClip.Contracts.Jobs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.LatentOptimization;

// N finished latents, L style layers, D style width, C channels of a layer, M numbers measured

/// <summary>The latents of a job that are optimised, on the CPU, with what each measured: all that the job needs to go on, and its result.</summary>
internal sealed class FinishedLatents : IDisposable
{
    private const string Format = "styleclip-optimization-state-1";
    private const string Name = "the state of the optimisation";
    private const string NumbersKey = "numbers";
    private const string StylePrefix = "style.";

    private readonly List<Tensor[]> _latents = []; // [1, L, D] each, or [1, C] of every style layer
    private readonly List<double[]> _numbers = []; // [M] each

    public int Count => _latents.Count;

    public IReadOnlyList<Tensor> this[int index] => _latents[index];

    public void Add(IReadOnlyList<Tensor> latent, double[] numbers)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _latents.Add([.. latent.Select(part => part.detach().cpu().clone().DetachFromDisposeScope())]);
        _numbers.Add(numbers);
    }

    /// <summary>Means of the numbers, added in the order of the latents, [M].</summary>
    public double[] Means() => [.. Enumerable.Range(0, _numbers[0].Length).Select(column => _numbers.Sum(row => row[column]) / Count)];

    /// <summary>The optimised latents: safetensors with <c>latents</c> [N, L, D], or <c>style.i</c> [N, C] of style layer i.</summary>
    public byte[] ToResult()
    {
        using DisposeScope scope = NewDisposeScope();
        return SafetensorsWriter.ToBytes(Tensors());
    }

    public byte[] ToState(JobSpec job)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = Tensors();
        tensors.Add(NumbersKey, tensor([.. _numbers.SelectMany(row => row)], [Count, _numbers[0].Length], ScalarType.Float64));
        return SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string> { ["format"] = Format, ["job"] = JobId.Of(job).Value });
    }

    /// <exception cref="WeightsException">The bytes are no state of this build, or of another job.</exception>
    public static FinishedLatents FromState(ReadOnlyMemory<byte> bytes, JobSpec job)
    {
        using MemoryStream stream = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
        using DisposeScope scope = NewDisposeScope();
        using StateDict tensors = SafetensorsReader.Read(stream, Name);
        Require(tensors, "format", Format);
        Require(tensors, "job", JobId.Of(job).Value);
        Tensor numbers = tensors[NumbersKey];
        int width = (int)numbers.shape[1];
        double[] flat = [.. numbers.data<double>()];
        Tensor[] parts = tensors.ContainsKey(LatentCodes.Key)
            ? [tensors[LatentCodes.Key]]
            : [.. Enumerable.Range(0, tensors.Count - 1).Select(layer => tensors[FormattableString.Invariant($"{StylePrefix}{layer}")])];
        FinishedLatents finished = new();
        for (int i = 0; i < numbers.shape[0]; i++)
            finished.Add([.. parts.Select(part => part.narrow(0, i, 1))], flat[(i * width)..((i + 1) * width)]);
        return finished;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _latents.SelectMany(latent => latent)) tensor.Dispose();
    }

    private Dictionary<string, Tensor> Tensors()
    {
        Tensor[] joined = [.. Enumerable.Range(0, _latents[0].Length).Select(part => cat([.. _latents.Select(latent => latent[part])]))];
        return joined.Length == 1
            ? new() { [LatentCodes.Key] = joined[0] }
            : joined.Index().ToDictionary(pair => FormattableString.Invariant($"{StylePrefix}{pair.Index}"), pair => pair.Item);
    }

    private static void Require(StateDict tensors, string key, string expected)
    {
        string? found = tensors.Metadata.GetValueOrDefault(key);
        if (found != expected) throw new WeightsException($"{Name}: its {key} is '{found}'; it must be '{expected}' to continue this job.");
    }
}
