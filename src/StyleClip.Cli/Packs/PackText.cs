using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;

namespace StyleClip.Cli.Packs;

/// <summary>A pack's manifest for people.</summary>
internal static class PackText
{
    public static void Write(TextWriter output, PackManifest pack, Digest digest)
    {
        output.WriteLine($"{pack.Name}  {digest}");
        if (pack.Description is { } description) output.WriteLine($"  {description}");
        output.WriteLine($"  licence    {pack.Licence}");
        output.WriteLine($"  generator  {pack.Generator.Size} px, w of {pack.Generator.StyleDim}, {pack.Generator.MappingLayers} mapping layers, channels {string.Join(", ", pack.Generator.Channels.Select(pair => $"{pair.Key}: {pair.Value}"))}");
        output.WriteLine($"  clip       {pack.Clip.ImageSize} px in patches of {pack.Clip.PatchSize}, {pack.Clip.VisionLayers} x {pack.Clip.VisionWidth}, text {pack.Clip.TextLayers} x {pack.Clip.TextWidth}, embedding {pack.Clip.EmbedDim}");
        output.WriteLine(pack.Identity is { } identity
            ? $"  identity   {identity.InputSize} px, {identity.Stages.Sum(stage => stage.Units)} units, embedding {identity.EmbeddingDim}"
            : "  identity   none: the identity term is off");
        output.WriteLine(pack.Attributes is { } attributes
            ? $"  attributes {attributes.InputSize} px, {attributes.Stages.Sum(stage => stage.Units)} units, {attributes.Values} values: {string.Join(", ", attributes.List.Select(attribute => attribute.Name))}"
            : "  attributes none: edits are judged by CLIP alone");
        output.WriteLine(pack.Perceptual is { } perceptual
            ? $"  perceptual {perceptual.Layers.Length} convolutions, {perceptual.Layers[^1].Out} features, {(perceptual.Input == PerceptualInput.Rgb ? "RGB as torchvision's" : "BGR as Caffe's")}"
            : "  perceptual none: pictures are compared by pixels and identity alone");
        foreach ((string role, PackFile file) in pack.Files)
        {
            output.WriteLine($"  {file.Path}  {file.SizeBytes:N0} bytes  {file.Digest}");
            if (pack.Origins is null || !pack.Origins.TryGetValue(role, out FileOrigin? origin)) continue;
            output.WriteLine($"    from {origin.File}, {origin.SizeBytes:N0} bytes, {origin.Digest}");
            output.WriteLine($"    {origin.Format}; {(origin.Published is { } published ? $"published as {published}" : "its digest is of no published file that this build knows")}");
            foreach (string note in origin.Notes) output.WriteLine($"    {note}");
        }
    }
}
