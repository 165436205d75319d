using System.Globalization;
using System.Text.Json;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Packs;
using StyleClip.DemoWorld.Captions;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.Stages;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Packs;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Tests.Packs;

public sealed class DemoPackTests(DemoPack pack) : IClassFixture<DemoPack>
{
    [Fact]
    public void It_weighs_at_most_twelve_megabytes() =>
        Assert.InRange(Directory.GetFiles(DemoPack.Directory).Sum(file => new FileInfo(file).Length), 1, 12_000_000);

    [Fact]
    public void A_changed_file_is_refused_by_name()
    {
        PackManifest manifest = FrozenNetworks.ReadManifest(DemoPack.Directory);
        Stream Open(PackFile file)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(DemoPack.Directory, file.Path));
            if (file.Path == "clip.safetensors") bytes[^1] ^= 1;
            return new MemoryStream(bytes);
        }

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => FrozenNetworks.Load(manifest, Open));
        Assert.Contains("clip.safetensors", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("generator.safetensors", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_draws_what_the_world_says()
    {
        using var scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        FaceBatch faces = pack.World.Batch(Population.HeldOut, 100_000, 32);
        Tensor images = pack.Networks.Generator.Synthesize(pack.Networks.Generator.Repeat(pack.Networks.Generator.MapToW(faces.Latents)));
        double decibels = 10 * Math.Log10(4 / (images.clamp(-1, 1) - faces.Images).square().mean().ToDouble());

        Assert.True(decibels > 26, $"{decibels:f1} dB");
    }

    [Fact]
    public void Clip_tells_generated_faces_apart()
    {
        using var scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        Face[] faces = [.. Enumerable.Range(0, 200).Select(i => pack.World.FaceOf(Population.HeldOut, 200_000 + i))];
        var clip = pack.Networks.ClipLoss(pack.Networks.Manifest.ClipInput);
        Tensor w = pack.Networks.Generator.MapToW(pack.World.Latents(Population.HeldOut, 200_000, 200));
        Tensor images = cat([.. w.split(20).Select(part => clip.EmbedImage(pack.Networks.Generator.Synthesize(pack.Networks.Generator.Repeat(part))))]);

        foreach ((string name, double share) in ZeroShot.Measure(clip, pack.Networks.Tokenizer, faces, images))
            Assert.True(share > 0.85, $"{name}: {share:p0}");
    }

    [Fact]
    public void The_manifest_says_of_the_attributes_what_the_world_says() => Assert.Equal(
        JsonSerializer.Serialize(PackStage.Attributes(pack.World.Size), ContractJson.Options),
        JsonSerializer.Serialize(pack.Networks.Manifest.Attributes, ContractJson.Options));

    [Fact]
    public void The_attribute_network_reads_drawn_faces_as_the_card_says() =>
        RequireCard(ReadingQuality.OfDrawn(pack.Networks.Attributes!, pack.World, 0, ReadingQuality.HeldOutFaces), column: 1);

    [Fact]
    public void The_attribute_network_reads_generated_faces_as_the_card_says() =>
        RequireCard(ReadingQuality.OfGenerated(pack.Networks.Attributes!, pack.Networks, pack.World, 0, ReadingQuality.HeldOutFaces), column: 2);

    [Theory]
    [InlineData("a smiling man with curly red hair", "red hair, curly hair, smiling")]
    [InlineData("a face without glasses", "no glasses")]
    [InlineData("A clown, sad and with glasses", "sad, glasses, clown")]
    [InlineData("a portrait of a woman", "")]
    public void Attributes_are_asked_for_by_words(string prompt, string attributes) =>
        Assert.Equal(attributes, string.Join(", ", pack.Networks.Manifest.Attributes!.AskedBy(prompt).Select(attribute => attribute.Name)));

    [Fact]
    public void Every_prompt_of_the_quality_check_asks_for_what_it_is_judged_by()
    {
        foreach (EditPrompt prompt in EditPrompt.All)
        {
            PackAttribute asked = Assert.Single(pack.Networks.Manifest.Attributes!.AskedBy(prompt.Text));
            Assert.Equal(MeasuredFactors.ValueOf(prompt.Factor), asked.Index);
            foreach (float value in (float[])[0, 0.2f, 0.3f, 0.4f, 0.6f, 1]) Assert.Equal(prompt.Succeeds(value), asked.Holds(value));
        }
    }

    // Other processors add up in another order, which may move a face that lies on a threshold: three of three hundred may.
    private static void RequireCard(ReadingQuality quality, int column)
    {
        string[][] card = [.. File.ReadAllLines(Path.Combine(DemoPack.Directory, "CARD.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length == 5)];
        foreach ((string name, double explained, double percent) in quality.Rows())
        {
            string[] cells = Assert.Single(card, row => row[0] == name);
            Assert.Equal(double.Parse(cells[column], CultureInfo.InvariantCulture), explained, 0.011);
            Assert.Equal(double.Parse(cells[column + 2].TrimEnd('%', ' '), CultureInfo.InvariantCulture), percent, 1.1);
        }
    }
}
