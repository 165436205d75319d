using StyleClip.Contracts.Library;

namespace StyleClip.Models.Packs.Import;

/// <summary>Files whose authors publish a digest. OpenAI's stand in the addresses that its code downloads from.</summary>
internal static class PublishedFiles
{
    private static readonly Dictionary<Digest, string> Known = new()
    {
        [Digest.Parse("40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af")] = "OpenAI CLIP ViT-B/32",
        [Digest.Parse("5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f")] = "OpenAI CLIP ViT-B/16",
        [Digest.Parse("b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836")] = "OpenAI CLIP ViT-L/14",
    };

    public static string? Find(Digest digest) => Known.GetValueOrDefault(digest);
}
