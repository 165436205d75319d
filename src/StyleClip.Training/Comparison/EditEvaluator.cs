using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Recipes;
using StyleClip.Models;
using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Training.Mapping;
using StyleClip.Training.Pictures;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Comparison;

// N latents, L style layers, D style width, C width of a style vector, E embedding, H W pixels

/// <summary>
/// Measures edits of the same latents alike, whichever method made them, on the calling thread. One latent at a time, so that a full-size
/// generator fits and the seconds are those of one image.
/// </summary>
public sealed class EditEvaluator : IDisposable
{
    private const double Still = 1e-6;

    private readonly FrozenNetworks _networks;
    private readonly ClipLoss _clip;
    private readonly IdentityLoss? _identity;
    private readonly ImmutableArray<Source> _sources;

    /// <summary>Renders and embeds the source images.</summary>
    /// <param name="networks">The pack's networks; not owned.</param>
    /// <param name="input">How images are given to CLIP.</param>
    /// <param name="latents">The latents to edit, [N, L, D].</param>
    /// <param name="cancellationToken">Ends the work between two images.</param>
    public EditEvaluator(FrozenNetworks networks, ClipInput input, Tensor latents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(networks);
        Shape.Require(latents, nameof(latents), -1, networks.Generator.Spec.StyleLayers, networks.Generator.Spec.StyleDim);
        (_networks, _clip, _identity) = (networks, networks.ClipLoss(input), networks.IdentityLoss());
        using IDisposable untracked = no_grad();
        ImmutableArray<Source>.Builder sources = ImmutableArray.CreateBuilder<Source>((int)latents.shape[0]);
        for (int i = 0; i < latents.shape[0]; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor wPlus = latents.narrow(0, i, 1).clone();
            Tensor[] styles = networks.Generator.Styles(wPlus);
            Tensor image = networks.Generator.SynthesizeFromStyles(styles);
            sources.Add(new Source(
                Keep(wPlus), [.. styles.Select(Keep)], Keep(image), Keep(_clip.EmbedImage(image)), _identity is null ? null : Keep(_identity.Features(image)), Attributes(image)));
        }

        _sources = sources.MoveToImmutable();
        Pictures = [.. _sources.Select(source => Picture(source.Image))];

        static Tensor Keep(Tensor tensor) => tensor.DetachFromDisposeScope();
    }

    /// <summary>The source images, PNG, in order, at most <see cref="BeforeAfterStrip.MaxFaceSize"/> pixels a side.</summary>
    public IReadOnlyList<byte[]> Pictures { get; }

    /// <summary>Edits every latent and measures what came of it.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="prompt">The text that the edited images should match.</param>
    /// <param name="neutral">The text that describes the source images.</param>
    /// <param name="cancellationToken">Ends the work between two images.</param>
    public EvaluatedEdit Measure(IComparedEdit edit, string prompt, string neutral, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using PromptTarget target = PromptTarget.Of(_clip, _networks.Tokenize, prompt, neutral);
        AttributeTruth? truth = _networks.Manifest.Attributes is { } section ? AttributeTruth.Of(section, prompt) : null;
        List<EditNumbers> numbers = [];
        List<byte[]> pictures = [];
        List<Tensor> styleSteps = [], wPlusSteps = [];
        Devices.NativeMemory memory = new();
        double seconds = 0;
        Render(edit, 0, out _).Dispose(); // the first pass of a device is not like the others
        for (int i = 0; i < _sources.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope one = NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            Tensor image = Render(edit, i, out EditedCode code);
            _ = image[0, 0, 0, 0].ToSingle(); // a GPU works on while the clock is read
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;

            Source source = _sources[i];
            Tensor styleStep = cat([.. code.Styles.Zip(source.Styles, (edited, style) => (edited - style).flatten())]);
            Tensor? wPlusStep = code.WPlus is null ? null : (code.WPlus - source.WPlus).flatten();
            float[]? after = truth is null ? null : Attributes(image);
            numbers.Add(Numbers(source, image, styleStep, wPlusStep, target) with
            {
                SourceHasAttribute = truth?.Shows(source.Attributes!),
                EditedHasAttribute = truth?.Shows(after!),
                OtherAttributesChanged = truth?.OthersChanged(source.Attributes!, after!),
            });
            pictures.Add(Picture(image));
            styleSteps.Add(styleStep.MoveToOtherDisposeScope(scope));
            if (wPlusStep is not null) wPlusSteps.Add(wPlusStep.MoveToOtherDisposeScope(scope));
            memory.AfterStep();
        }

        StepSimilarity similarity = new() { StyleSpace = EditSteps.Similarity(styleSteps), WPlus = EditSteps.Similarity(wPlusSteps) };
        return new(numbers, similarity, seconds / _sources.Length, pictures);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Source source in _sources) source.Dispose();
    }

    private float[]? Attributes(Tensor image) =>
        _networks.Attributes is { } network ? MemoryMarshal.Cast<byte, float>(network.Measure(image).cpu().contiguous().bytes).ToArray() : null;

    // Reports hold many pictures: faces larger than those of strips are reduced like them.
    private static byte[] Picture(Tensor image)
    {
        using DisposeScope scope = NewDisposeScope();
        return PngPicture.Encode(image.shape[2] > BeforeAfterStrip.MaxFaceSize ? new AreaResize().Apply(image.clamp(-1, 1), BeforeAfterStrip.MaxFaceSize) : image);
    }

    private Tensor Render(IComparedEdit edit, int index, out EditedCode code)
    {
        code = edit.Apply(index, _sources[index].WPlus);
        return _networks.Generator.SynthesizeFromStyles(code.Styles);
    }

    private EditNumbers Numbers(Source source, Tensor image, Tensor styleStep, Tensor? wPlusStep, PromptTarget target)
    {
        Tensor clip = _clip.EmbedImage(image); // [1, E]
        bool hasMoved = (clip - source.Clip).norm().ToDouble() > Still;
        return new EditNumbers
        {
            SourceSimilarity = target.Similarity(source.Clip).ToDouble(),
            EditedSimilarity = target.Similarity(clip).ToDouble(),
            DirectionalSimilarity = hasMoved ? target.DirectionalSimilarity(clip, source.Clip).ToDouble() : null,
            IdentitySimilarity = _identity is null ? null : (_identity.Features(image) * source.Identity!).sum().ToDouble(),
            WPlusDistance = wPlusStep?.norm().ToDouble(),
            StyleDistance = styleStep.norm().ToDouble(),
            PixelDistance = (Unit(image) - Unit(source.Image)).square().mean().sqrt().ToDouble(),
        };

        // What a picture shows: pixels from 0 to 1.
        static Tensor Unit(Tensor pixels) => ((pixels + 1) / 2).clamp(0, 1);
    }

    private sealed record Source(Tensor WPlus, ImmutableArray<Tensor> Styles, Tensor Image, Tensor Clip, Tensor? Identity, float[]? Attributes) : IDisposable
    {
        public void Dispose()
        {
            foreach (Tensor tensor in Styles.Append(WPlus).Append(Image).Append(Clip)) tensor.Dispose();
            Identity?.Dispose();
        }
    }
}
