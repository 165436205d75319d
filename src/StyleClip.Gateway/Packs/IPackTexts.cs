using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;

namespace StyleClip.Gateway.Packs;

/// <summary>Knows which texts a pack's CLIP model understands. Given to the gateway from outside: it knows no tokenizers.</summary>
public interface IPackTexts
{
    /// <summary>What is wrong with a text, as a rule that begins with "must"; null where the pack understands it.</summary>
    /// <param name="pack">Digest of the pack's manifest.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="text">A prompt or a neutral text.</param>
    string? Check(Digest pack, PackManifest manifest, string text);
}
