using System.Collections.Concurrent;
using StyleClip.Cli.Packs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Gateway.Packs;
using StyleClip.Models.Clip;
using StyleClip.Models.Packs;

namespace StyleClip.Cli.Gateways;

/// <summary>Lends the gateway the tokenizers of packs.</summary>
internal sealed class PackTexts : IPackTexts
{
    private readonly ConcurrentDictionary<Digest, ITextTokenizer> _tokenizers = new();

    public string? Check(Digest pack, PackManifest manifest, string text) =>
        TextCheck.Check(_tokenizers.GetOrAdd(pack, _ => PackTokenizers.Create(manifest)), text);
}
