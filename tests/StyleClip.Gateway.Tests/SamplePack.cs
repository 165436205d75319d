using System.Collections.Immutable;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Storage.Packs;

namespace StyleClip.Gateway.Tests;

/// <summary>A pack that is valid as far as anybody without tensors can tell.</summary>
internal static class SamplePack
{
    public const string Name = "sample";

    public static async Task<Digest> Publish(PackLibrary packs, string folder)
    {
        byte[] generator = new byte[64], clip = new byte[100];
        string pack = Directory.CreateDirectory(Path.Combine(folder, "cache", "sample-pack")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(pack, "generator.safetensors"), generator);
        await File.WriteAllBytesAsync(Path.Combine(pack, "clip.safetensors"), clip);
        await File.WriteAllBytesAsync(Path.Combine(pack, PackManifest.FileName), ContractJson.ToBytes(Manifest(generator, clip)));
        return await packs.Publish(pack, TestContext.Current.CancellationToken);
    }

    private static PackManifest Manifest(byte[] generator, byte[] clip) => new()
    {
        Name = Name,
        Licence = "MIT",
        Files = ImmutableSortedDictionary<string, PackFile>.Empty
            .Add(PackRoles.Generator, new PackFile("generator.safetensors", Digest.Of(generator), generator.Length))
            .Add(PackRoles.Clip, new PackFile("clip.safetensors", Digest.Of(clip), clip.Length)),
        Generator = new PackGenerator { Size = 32, StyleDim = 2, MappingLayers = 2, Channels = ImmutableSortedDictionary<int, int>.Empty.Add(4, 8).Add(8, 8).Add(16, 8).Add(32, 8) },
        Clip = new PackClip
        {
            ImageSize = 32,
            PatchSize = 8,
            VisionWidth = 8,
            VisionLayers = 1,
            VisionHeads = 1,
            EmbedDim = 8,
            TextWidth = 8,
            TextLayers = 1,
            TextHeads = 1,
            ContextLength = 8,
            VocabularySize = 4,
        },
        Tokenizer = new PackTokenizer { Kind = PackTokenizerKind.Words, Words = ["a", "face"] },
        LatentAverage = [0f, 1f],
    };
}
