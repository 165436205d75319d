using System.Runtime.InteropServices;
using System.Text.Json;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Json;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

/// <summary>
/// The training state as one safetensors file: tensors <c>mapper.*</c>, <c>optimizer.*</c> and, after the first validation, <c>best.*</c>;
/// the job's id and its <see cref="TrainingProgress"/> as metadata.
/// </summary>
internal sealed class TrainingStateFile : IDisposable
{
    private const string Format = "styleclip-training-state-1";
    private const string Name = "the training state";

    private readonly StateDict _tensors;

    private TrainingStateFile(StateDict tensors, TrainingProgress progress)
    {
        (_tensors, Progress) = (tensors, progress);
        Mapper = tensors.Select("mapper");
        Optimizer = tensors.Select("optimizer");
        Best = tensors.Select("best");
    }

    public TrainingProgress Progress { get; }

    public StateDict Mapper { get; }

    public StateDict Optimizer { get; }

    /// <summary>Empty where there was no validation yet.</summary>
    public StateDict Best { get; }

    public static byte[] Write(
        JobSpec job,
        TrainingProgress progress,
        IReadOnlyDictionary<string, Tensor> mapper,
        IReadOnlyDictionary<string, Tensor> optimizer,
        IReadOnlyDictionary<string, Tensor>? best)
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        Add("mapper", mapper);
        Add("optimizer", optimizer);
        if (best is not null) Add("best", best);
        return SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["job"] = JobId.Of(job).Value,
            ["progress"] = JsonSerializer.Serialize(progress, ContractJson.Canonical),
        });

        void Add(string prefix, IReadOnlyDictionary<string, Tensor> part)
        {
            foreach ((string key, Tensor tensor) in part) tensors.Add($"{prefix}.{key}", tensor);
        }
    }

    /// <exception cref="WeightsException">The bytes are no training state of this build, or of another job.</exception>
    public static TrainingStateFile Read(ReadOnlyMemory<byte> bytes, JobSpec job)
    {
        using MemoryStream stream = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
        StateDict tensors = SafetensorsReader.Read(stream, Name);
        try
        {
            Require(tensors, "format", Format);
            Require(tensors, "job", JobId.Of(job).Value);
            string progress = tensors.Metadata.GetValueOrDefault("progress", "");
            return new(tensors, ContractJson.FromBytes<TrainingProgress>(System.Text.Encoding.UTF8.GetBytes(progress), $"{Name}: progress"));
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Mapper.Dispose();
        Optimizer.Dispose();
        Best.Dispose();
        _tensors.Dispose();
    }

    private static void Require(StateDict tensors, string key, string expected)
    {
        string? found = tensors.Metadata.GetValueOrDefault(key);
        if (found != expected) throw new WeightsException($"{Name}: its {key} is '{found}'; it must be '{expected}' to continue this job.");
    }
}
