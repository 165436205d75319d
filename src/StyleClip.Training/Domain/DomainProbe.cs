using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using StyleClip.Training.LatentOptimization;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Domain;

// L style layers, D style width, E embedding

/// <summary>
/// Asks a generator for prompts directly: a few latents are optimised towards a prompt, each by itself and near its start (StyleCLIP,
/// section 4, with the published rate and weight, but fewer steps and no identity term). On one kind of device and build the answers are a
/// function of pack, prompt and recipe: neither a seed nor a bank has a part in them. To be used on one thread.
/// </summary>
/// <param name="networks">The pack's networks; they stay the caller's.</param>
/// <param name="pictures">The pack's pictures; they stay the caller's.</param>
/// <param name="recipe">How many latents and steps.</param>
/// <param name="cancellationToken">Ends the work between two steps.</param>
public sealed class DomainProbe(FrozenNetworks networks, DomainPictures pictures, DomainRecipe recipe, CancellationToken cancellationToken = default)
{
    private readonly ClipLoss _clip = networks.ClipLoss(networks.Manifest.ClipInput);
    private readonly NativeMemory _memory = new();

    /// <summary>How near the generator comes to a prompt: its nearest pictures, and what optimising makes of them.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="UnknownWordException">The prompt has words that the pack does not know.</exception>
    /// <exception cref="TextTooLongException">The prompt does not fit CLIP's context.</exception>
    public DomainReach Draw(string prompt)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor text = Embed(prompt);
        return Optimize(text, pictures.Nearest(text, recipe.Latents, cancellationToken));
    }

    /// <summary>How near held-out pictures can be brought to a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="UnknownWordException">The prompt has words that the pack does not know.</exception>
    /// <exception cref="TextTooLongException">The prompt does not fit CLIP's context.</exception>
    public DomainReach Edit(string prompt)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Optimize(Embed(prompt), HeldOut);
    }

    /// <summary>How near a mapper brings the held-out pictures to its prompt.</summary>
    /// <param name="job">The job that trained it.</param>
    /// <param name="mapper">Its file.</param>
    /// <exception cref="WeightsException">The file is no mapper of the job's recipe.</exception>
    public double Edit(JobSpec job, byte[] mapper)
    {
        ArgumentNullException.ThrowIfNull(job);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using MapperEdit edit = MapperEdit.Create(job.Recipe.Mapper, networks.Generator, job.Seed);
        using (StateDict weights = SafetensorsReader.Read(new MemoryStream(mapper, writable: false), "the mapper"))
            weights.LoadInto(edit.Module, "the mapper");
        Tensor text = Embed(job.Prompt);
        return HeldOut.Average(latent => Similarity(edit.Synthesize(edit.Apply(pictures.WPlus(latent))), text));
    }

    private IEnumerable<int> HeldOut => Enumerable.Range(pictures.Count, recipe.Latents);

    private Tensor Embed(string prompt) => _clip.EmbedText(networks.Tokenize(prompt)); // [1, E]

    private DomainReach Optimize(Tensor text, IEnumerable<int> latents)
    {
        DomainReach[] reached = [.. latents.Select(latent => Optimize(text, latent))];
        return new DomainReach(reached.Average(one => one.Before), reached.Average(one => one.After));
    }

    private DomainReach Optimize(Tensor text, int latent)
    {
        using DisposeScope scope = NewDisposeScope();
        using LatentOptimizer optimizer = LatentOptimizer.InWPlus(
            networks.Generator, _clip, null, text, pictures.WPlus(latent), new LatentOptimizationOptions { Steps = recipe.Steps });
        double before = Similarity(optimizer.StartImage, text);
        for (int step = 0; step < recipe.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope one = NewDisposeScope();
            using (enable_grad()) optimizer.Step(out _);
            _memory.AfterStep();
        }

        double after = Similarity(optimizer.Synthesize(), text);
        return new DomainReach(before, after > before ? after : before); // what is not a number is no gain
    }

    private double Similarity(Tensor image, Tensor text)
    {
        using DisposeScope scope = NewDisposeScope();
        return (_clip.EmbedImage(image) * text).sum().ToDouble();
    }
}
