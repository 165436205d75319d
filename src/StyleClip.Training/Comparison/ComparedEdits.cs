using System.Globalization;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models;
using StyleClip.Models.Packs;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Comparison;

// N latents, L style layers, D style width, C width of a style vector

/// <summary>Reads what the jobs of the methods have made.</summary>
public static class ComparedEdits
{
    /// <summary>Puts a job's result to work.</summary>
    /// <param name="job">The job.</param>
    /// <param name="result">Its result: the artifact that its card names.</param>
    /// <param name="networks">The networks of its pack.</param>
    /// <param name="count">Latents of the comparison, N.</param>
    /// <returns>The edits; the caller disposes them.</returns>
    /// <exception cref="WeightsException">The result is not one of this job, or does not fit the generator.</exception>
    public static IComparedEdit Open(JobSpec job, StateDict result, FrozenNetworks networks, int count)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(networks);
        if (job.Method is null or EditMethod.Mapper) return Mapper(job, result, networks);
        using DisposeScope scope = NewDisposeScope();
        Device device = networks.MeanW.device;
        GeneratorSpec spec = networks.Generator.Spec;
        if (job.Method == EditMethod.Direction)
            return new DirectionResult(networks.Generator, Layers("offsets", width => [width]), job.Recipe.Direction!.Alpha);
        return new OptimizedResult(networks.Generator, job.Recipe.Optimization!.Space == OptimizationSpace.StyleSpace
            ? Layers("style", width => [count, width])
            : [Get("latents", [count, spec.StyleLayers, spec.StyleDim])]);

        IEnumerable<Tensor> Layers(string name, Func<int, long[]> shape) =>
            spec.StyleWidths.Select((width, layer) => Get(string.Create(CultureInfo.InvariantCulture, $"{name}.{layer}"), shape(width)));

        Tensor Get(string key, long[] shape)
        {
            Tensor tensor = result[key];
            if (!tensor.shape.AsSpan().SequenceEqual(shape))
                throw new WeightsException($"{key} of the result of '{job.Prompt}' has shape {Shape.Format(tensor.shape)}; {Shape.Format(shape)} is needed.");
            return tensor.to(device, copy: true);
        }
    }

    private static MapperResult Mapper(JobSpec job, StateDict result, FrozenNetworks networks)
    {
        MapperEdit edit = MapperEdit.Create(job.Recipe.Mapper, networks.Generator, job.Seed);
        try
        {
            result.LoadInto(edit.Module, $"a {job.Recipe.Mapper.Kind} mapper for the generator of pack {networks.Manifest.Name}");
            return new MapperResult(edit, networks.Generator);
        }
        catch
        {
            edit.Dispose();
            throw;
        }
    }
}
