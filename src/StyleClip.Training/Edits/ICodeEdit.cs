using static TorchSharp.torch;

namespace StyleClip.Training.Edits;

// B codes, L style layers, D style width, C width of a style vector

/// <summary>An edit that moves any code by an offset and can be taken at any strength: a mapper or a global direction.</summary>
public interface ICodeEdit : IDisposable
{
    /// <summary>True for an edit that works on codes in W+ and cannot on codes in style space.</summary>
    bool NeedsWPlus { get; }

    /// <summary>The offset at strength 1: one [B, L, D] in W+, or one [B, C] per style vector; [1, C] where it is the same for all codes.</summary>
    /// <param name="codes">The unedited codes.</param>
    /// <exception cref="ArgumentException">The codes are in style space and the edit <see cref="NeedsWPlus"/>.</exception>
    IReadOnlyList<Tensor> Offset(ImageCodes codes);
}
