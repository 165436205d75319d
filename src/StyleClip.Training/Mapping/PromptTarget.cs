using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

// B batch, E embedding

/// <summary>Where CLIP wants the edited image to be: the prompt's embedding and, with a neutral text, the direction from that to the prompt.</summary>
public sealed class PromptTarget : IDisposable
{
    private PromptTarget(Tensor text, Tensor? direction) => (Text, Direction) = (text, direction);

    /// <summary>The prompt, unit length, [1, E].</summary>
    public Tensor Text { get; }

    /// <summary>From the neutral text to the prompt, unit length, [1, E]; null without a neutral text.</summary>
    public Tensor? Direction { get; }

    /// <summary>Embeds the texts; done once per job.</summary>
    /// <param name="clip">The CLIP model with its input.</param>
    /// <param name="tokenize">Token ids of a text, [1, T], on the model's device.</param>
    /// <param name="prompt">The text that the edited image should match.</param>
    /// <param name="neutral">The text that describes the unedited image.</param>
    /// <exception cref="TextTooLongException">A text does not fit the context.</exception>
    /// <exception cref="UnknownWordException">A text has words that the pack does not know.</exception>
    public static PromptTarget Of(ClipLoss clip, Func<string, Tensor> tokenize, string prompt, string? neutral)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(tokenize);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor text = Embed(prompt);
        Tensor? direction = neutral is null ? null : Unit(text - Embed(neutral));
        return new(text.DetachFromDisposeScope(), direction?.DetachFromDisposeScope());

        Tensor Embed(string words) => clip.EmbedText(tokenize(words)); // [1, E]
    }

    /// <summary>Cosine of each image to the prompt, [B].</summary>
    /// <param name="image">Image features of unit length, [B, E].</param>
    public Tensor Similarity(Tensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return (image * Text).sum(1);
    }

    /// <summary>Cosine of each image's move to the direction of the texts, [B] (StyleGAN-NADA, equation 2).</summary>
    /// <param name="image">Features of the edited images, of unit length, [B, E].</param>
    /// <param name="source">Features of the source images, of unit length, [B, E].</param>
    /// <exception cref="InvalidOperationException">There is no neutral text.</exception>
    public Tensor DirectionalSimilarity(Tensor image, Tensor source)
    {
        Tensor direction = Direction ?? throw new InvalidOperationException("The directional term needs a neutral text; the prompt has none.");
        return (Unit(image - source) * direction).sum(1);
    }

    /// <summary>What the CLIP term compares, as a cosine of each image, [B]; the term is 1 minus its mean.</summary>
    /// <param name="target">Which of the two.</param>
    /// <param name="image">Features of the edited images, of unit length, [B, E].</param>
    /// <param name="source">Features of the source images, of unit length, [B, E].</param>
    public Tensor Cosine(ClipTarget target, Tensor image, Tensor source) => target switch
    {
        ClipTarget.Similarity => Similarity(image),
        ClipTarget.Directional => DirectionalSimilarity(image, source),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "Unknown CLIP target."),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Text.Dispose();
        Direction?.Dispose();
    }

    // The floor keeps the gradient finite where an edit does not move the image at all.
    private static Tensor Unit(Tensor move) => move / move.norm(1, keepdim: true).clamp_min(1e-6);
}
