using StyleClip.Models.Weights;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

// B images, N texts, R image side, T tokens, C channels, E embedding
/// <summary>
/// CLIP with a vision transformer (Radford et al., 2021): an image tower and a causal text tower into one space. State-dict keys are
/// the published ones. It is in training mode until <see cref="Freeze"/>, though no layer behaves differently there.
/// </summary>
public sealed class ClipModel : nn.Module
{
    [ComponentName(Name = "positional_embedding")] private readonly Parameter _positions;
    [ComponentName(Name = "text_projection")] private readonly Parameter _projection;
    [ComponentName(Name = "logit_scale")] private readonly Parameter _logitScale;
    [ComponentName(Name = "visual")] private readonly VisionTransformer _visual;
    [ComponentName(Name = "transformer")] private readonly Transformer _transformer;
    [ComponentName(Name = "token_embedding")] private readonly Embedding _words;
    [ComponentName(Name = "ln_final")] private readonly LayerNorm _after;

    /// <summary>Builds the model; its weights are meaningless until they are loaded or <see cref="Initialize"/> is called.</summary>
    /// <param name="spec">The sizes.</param>
    /// <exception cref="ArgumentException">Heads do not divide a width, or patches the image.</exception>
    public ClipModel(ClipSpec spec)
        : base(nameof(ClipModel))
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        _visual = new VisionTransformer(spec);
        _transformer = new Transformer(spec.TextWidth, spec.TextLayers, spec.TextHeads, causal: true);
        _words = nn.Embedding(spec.VocabularySize, spec.TextWidth);
        _positions = new Parameter(zeros(spec.ContextLength, spec.TextWidth));
        _after = nn.LayerNorm(spec.TextWidth);
        _projection = new Parameter(zeros(spec.TextWidth, spec.EmbedDim));
        _logitScale = new Parameter(tensor((float)Math.Log(1 / 0.07))); // the paper's temperature at the start of training
        RegisterComponents();
    }

    /// <summary>The sizes.</summary>
    public ClipSpec Spec { get; }

    /// <summary>Logarithm of the factor on cosines when the model is trained; ln 100 in the published models. A scalar.</summary>
    public Parameter LogitScale => _logitScale;

    /// <summary>Image features, not normalised.</summary>
    /// <param name="image">Images as the towers see them, [B, 3, R, R].</param>
    /// <returns>[B, E].</returns>
    /// <exception cref="ArgumentException">The image is not of the model's size.</exception>
    public Tensor EncodeImage(Tensor image) => _visual.call(image);

    /// <summary>
    /// Text features, read at each row's largest id (end of text); not normalised. Columns behind the longest text are left out of
    /// the computation: attention is causal, so they have no influence.
    /// </summary>
    /// <param name="ids">Token ids, int64 [N, T], T at most <see cref="ClipSpec.ContextLength"/>; anything may follow the end.</param>
    /// <returns>[N, E].</returns>
    /// <exception cref="ArgumentException">More tokens than the context holds, or an id outside the vocabulary.</exception>
    public Tensor EncodeText(Tensor ids)
    {
        Shape.Require(ids, nameof(ids), -1, -1);
        RequireIds(ids);
        Tensor ends = ids.argmax(1); // [N]
        long length = ends.max().ToInt64() + 1;
        Tensor tokens = _words.call(ids.narrow(1, 0, length)) + _positions.narrow(0, 0, length); // [N, T, C]
        tokens = _after.call(_transformer.call(tokens));
        Tensor texts = tokens[arange(ids.shape[0], device: ids.device), ends]; // [N, C]
        return texts.mm(_projection); // [N, E]
    }

    /// <summary>Copies weights with the published keys into the model; the sizes that published archives carry beside them are ignored.</summary>
    /// <param name="weights">The weights.</param>
    /// <exception cref="WeightsException">Keys are missing or surplus, or shapes differ.</exception>
    public void Load(StateDict weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.LoadInto(this, "the CLIP model", new HashSet<string>(["input_resolution", "context_length", "vocab_size"]));
    }

    /// <summary>Draws CLIP's initial weights, for training from scratch.</summary>
    /// <param name="generator">The source of randomness, on the device of the weights.</param>
    public void Initialize(Generator generator)
    {
        using IDisposable untracked = no_grad();
        _visual.Initialize(generator);
        _transformer.Initialize(generator);
        StyleGan2.Initialization.Normal(_words.weight!, generator, 0.02);
        StyleGan2.Initialization.Normal(_positions, generator, 0.01);
        StyleGan2.Initialization.Normal(_projection, generator, Math.Pow(Spec.TextWidth, -0.5));
    }

    /// <summary>Fixes the weights: evaluation mode, no gradients to parameters. Gradients to the image still flow.</summary>
    public void Freeze()
    {
        eval();
        foreach (Parameter parameter in parameters()) parameter.requires_grad_(false);
    }

    private void RequireIds(Tensor ids)
    {
        if (ids.shape[1] > Spec.ContextLength)
            throw new ArgumentException($"ids has {ids.shape[1]} tokens; the model's context holds {Spec.ContextLength}.", nameof(ids));

        // The embedding's own check ends the process on a GPU.
        (long least, long most) = (ids.min().ToInt64(), ids.max().ToInt64());
        if (least < 0 || most >= Spec.VocabularySize)
            throw new ArgumentException($"ids has values from {least} to {most}; the vocabulary has ids 0 to {Spec.VocabularySize - 1}.", nameof(ids));
    }
}
