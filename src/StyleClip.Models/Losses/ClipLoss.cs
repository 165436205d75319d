using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using static TorchSharp.torch;

namespace StyleClip.Models.Losses;

// B images, N texts, R the model's image side, E embedding
/// <summary>
/// One minus the cosine between an image and a text in CLIP's space (StyleCLIP's CLIP loss). The published code takes the cosine from
/// the logits, 1 - exp(logit_scale) cos / 100; that is the same, as exp(logit_scale) is 100 in the published models.
/// </summary>
/// <param name="model">The frozen CLIP model.</param>
/// <param name="input">
/// <see cref="ClipInput.Raw"/> gives the resized image as it is, as the published mappers were trained. <see cref="ClipInput.Normalized"/>
/// gives what CLIP was trained on: the image clamped to [-1, 1] as a viewer sees it, then CLIP's channel means and deviations. A pixel
/// beyond the range gets no gradient from this loss then: the picture would not change either.
/// </param>
/// <param name="resize">How images come to the model's size.</param>
public sealed class ClipLoss(ClipModel model, ClipInput input, AreaResize resize)
{
    /// <summary>Embeddings of images, of unit length.</summary>
    /// <param name="image">[B, 3, H, W], about [-1, 1].</param>
    /// <returns>[B, E]; a gradient to the image flows.</returns>
    public Tensor EmbedImage(Tensor image)
    {
        Shape.Require(image, nameof(image), -1, 3, -1, -1);
        Tensor seen = input switch
        {
            ClipInput.Raw => resize.Apply(image, model.Spec.ImageSize),
            ClipInput.Normalized => ClipNormalization.Apply(resize.Apply(image.clamp(-1, 1), model.Spec.ImageSize)),
            _ => throw new InvalidOperationException($"There is no CLIP input {input}."),
        };
        return UnitLength.Rows(model.EncodeImage(seen)); // [B, E]
    }

    /// <summary>Embeddings of texts, of unit length; compute them once per prompt.</summary>
    /// <param name="ids">Token ids, int64 [N, T].</param>
    /// <returns>[N, E].</returns>
    public Tensor EmbedText(Tensor ids) => UnitLength.Rows(model.EncodeText(ids));

    /// <summary>Embeddings of texts, of unit length; compute them once per prompt.</summary>
    /// <param name="tokenizer">The tokenizer that belongs to the model.</param>
    /// <param name="texts">At least one text.</param>
    /// <returns>[N, E], on the model's device.</returns>
    public Tensor EmbedText(ITextTokenizer tokenizer, params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfZero(texts.Count);
        using Tensor ids = tensor([.. texts.SelectMany(tokenizer.Tokenize)], texts.Count, tokenizer.ContextLength);
        return EmbedText(ids.to(model.LogitScale.device));
    }

    /// <summary>Mean of 1 - cosine over the batch, a scalar in [0, 2].</summary>
    /// <param name="image">The edited images, [B, 3, H, W], about [-1, 1].</param>
    /// <param name="unitText">The text embedding for all images, [1, E], or one for each, [B, E]; of unit length.</param>
    /// <exception cref="ArgumentException">The text embedding fits neither.</exception>
    public Tensor Loss(Tensor image, Tensor unitText)
    {
        Shape.Require(unitText, nameof(unitText), -1, model.Spec.EmbedDim);
        Tensor embedding = EmbedImage(image);
        if (unitText.shape[0] != 1) Shape.Require(unitText, nameof(unitText), embedding.shape);
        return 1 - (embedding * unitText).sum(1).mean();
    }
}
