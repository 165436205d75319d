using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using StyleClip.Training.LatentOptimization;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Domain;

// P pictures, L style layers, D style width, E embedding

/// <summary>
/// Asks a generator for prompts directly: a few latents are optimised towards a prompt, each by itself and near its start (StyleCLIP,
/// section 4, with the published rate and weight, but fewer steps and no identity term). The latents are the pack's own, drawn where no bank
/// draws: on one kind of device and build the answers are a function of pack, prompt and recipe. To be used on one thread.
/// </summary>
/// <param name="networks">The pack's networks; they stay the caller's.</param>
/// <param name="recipe">How many latents and steps.</param>
/// <param name="cancellationToken">Ends the work between two steps.</param>
public sealed class DomainProbe(FrozenNetworks networks, DomainRecipe recipe, CancellationToken cancellationToken = default) : IDisposable
{
    private const int FirstLatent = 1 << 30;
    private const int ImagesPerPass = 8;

    private readonly ClipLoss _clip = networks.ClipLoss(networks.Manifest.ClipInput);
    private readonly BankSpec _latents = new() { Count = FirstLatent, Truncation = networks.Manifest.Truncation };
    private readonly NativeMemory _memory = new();
    private Tensor? _pictures; // [P, E]

    /// <summary>How near the generator comes to a prompt: its nearest pictures, and what optimising makes of them.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="UnknownWordException">The prompt has words that the pack does not know.</exception>
    /// <exception cref="TextTooLongException">The prompt does not fit CLIP's context.</exception>
    public DomainReach Draw(string prompt)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor text = Embed(prompt);
        _pictures ??= EmbedPictures();
        long[] nearest = [.. (_pictures * text).sum(1).topk(recipe.Latents).indexes.cpu().data<long>()];
        return Optimize(text, nearest.Select(picture => (int)picture));
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
        return HeldOut.Average(latent => Similarity(edit.Synthesize(edit.Apply(Start(latent))), text));
    }

    /// <inheritdoc/>
    public void Dispose() => _pictures?.Dispose();

    // They follow the pictures that are looked through.
    private IEnumerable<int> HeldOut => Enumerable.Range(recipe.Pictures, recipe.Latents);

    private Tensor Embed(string prompt) => _clip.EmbedText(networks.Tokenize(prompt)); // [1, E]

    private Tensor Start(int latent) => networks.Generator.Repeat(BankBuilder.HeldOut(_latents, networks, latent, 1)); // [1, L, D]

    private Tensor EmbedPictures()
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> features = [];
        for (int first = 0; first < recipe.Pictures; first += ImagesPerPass)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope pass = NewDisposeScope();
            Tensor w = BankBuilder.HeldOut(_latents, networks, first, Math.Min(ImagesPerPass, recipe.Pictures - first));
            features.Add(pass.MoveToOuter(_clip.EmbedImage(networks.Generator.Synthesize(networks.Generator.Repeat(w)))));
            _memory.AfterStep();
        }

        return cat(features).DetachFromDisposeScope();
    }

    private DomainReach Optimize(Tensor text, IEnumerable<int> latents)
    {
        DomainReach[] reached = [.. latents.Select(latent => Optimize(text, latent))];
        return new DomainReach(reached.Average(one => one.Before), reached.Average(one => one.After));
    }

    private DomainReach Optimize(Tensor text, int latent)
    {
        using DisposeScope scope = NewDisposeScope();
        using LatentOptimizer optimizer = LatentOptimizer.InWPlus(
            networks.Generator, _clip, null, text, Start(latent), new LatentOptimizationOptions { Steps = recipe.Steps });
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
