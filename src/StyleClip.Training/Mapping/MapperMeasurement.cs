using StyleClip.Contracts.Jobs;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using StyleClip.Training.Latents;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

/// <summary>What the held-out latents say of a finished mapper that was trained elsewhere.</summary>
/// <param name="Report">The numbers; its step is 0.</param>
/// <param name="Strip">Before/after picture, PNG.</param>
public sealed record MapperMeasurement(ValidationReport Report, byte[] Strip)
{
    /// <summary>Measures a mapper on the calling thread.</summary>
    /// <param name="job">The job that would have trained it: its prompt, and the form of the mapper in its recipe.</param>
    /// <param name="mapper">The mapper's weights.</param>
    /// <param name="networks">The networks of its pack.</param>
    /// <param name="bank">The latents.</param>
    /// <exception cref="WeightsException">The weights do not fit the mapper of the recipe.</exception>
    public static MapperMeasurement Of(JobSpec job, StateDict mapper, FrozenNetworks networks, LatentBank bank)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(mapper);
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(bank);
        Device device = networks.MeanW.device;
        var clip = networks.ClipLoss(job.Recipe.Loss.ClipInput);
        using PromptTarget target = PromptTarget.Of(clip, networks.Tokenize, job.Prompt, job.Neutral);
        using MapperEdit edit = MapperEdit.Create(job.Recipe.Mapper, networks.Generator, job.Seed);
        mapper.LoadInto(edit.Module, $"a {job.Recipe.Mapper.Kind} mapper for the generator of pack {networks.Manifest.Name}");
        MapperValidation validation = new(edit, job.Recipe, clip, networks.IdentityLoss(), target, bank, device);
        FixedFaces faces = new(edit, bank, job.Recipe.StripFaces, job.Recipe.Validation.BatchSize, device);
        return new(validation.Measure(0, new NativeMemory()), faces.Strip());
    }
}
