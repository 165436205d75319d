using StyleClip.Models.Clip;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>The way from one description to another in CLIP's space, averaged over phrasings (StyleCLIP, section 6).</summary>
// P prompts, E CLIP features
public static class TextDirection
{
    private const int PromptsPerPass = 16;

    /// <summary>Unit vector [E] from the neutral to the target description; the caller owns it.</summary>
    /// <param name="clip">Text encoder.</param>
    /// <param name="tokenizer">The encoder's tokenizer.</param>
    /// <param name="target">What the edited image shows, such as "face with glasses".</param>
    /// <param name="neutral">What the unedited image shows, such as "face".</param>
    /// <param name="templates">Phrases with a place for the description; <see cref="PromptTemplates.All"/> when null.</param>
    /// <exception cref="ArgumentException">Both descriptions mean the same to CLIP, so there is no direction.</exception>
    public static Tensor Between(
        ClipModel clip, ITextTokenizer tokenizer, string target, string neutral, IReadOnlyList<string>? templates = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor difference = Embed(clip, tokenizer, target, templates) - Embed(clip, tokenizer, neutral, templates);
        double length = difference.norm().ToDouble();
        if (length < 1e-6)
            throw new ArgumentException($"CLIP sees no difference between '{target}' and '{neutral}': choose another neutral text.");
        return difference.div(length).MoveToOuterDisposeScope();
    }

    /// <summary>Unit vector [E]: normalised mean of the normalised features of every phrasing; the caller owns it.</summary>
    public static Tensor Embed(ClipModel clip, ITextTokenizer tokenizer, string description, IReadOnlyList<string>? templates = null)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(tokenizer);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Device device = clip.LogitScale.device;
        List<Tensor> features = [];
        foreach (string[] prompts in PromptTemplates.Fill(description, templates).Chunk(PromptsPerPass))
        {
            long[] ids = [.. prompts.SelectMany(tokenizer.Tokenize)];
            features.Add(clip.EncodeText(tensor(ids, [prompts.Length, tokenizer.ContextLength], device: device)));
        }

        Tensor unit = nn.functional.normalize(cat(features, 0), dim: 1); // [P, E]
        return nn.functional.normalize(unit.mean([0]), dim: 0).MoveToOuterDisposeScope();
    }
}
