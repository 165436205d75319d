using System.Collections.Immutable;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;

namespace StyleClip.Contracts.Tests.Packs;

public sealed class PackValidatorTests
{
    private static readonly PackManifest Valid = new()
    {
        Name = "tiny",
        Licence = "MIT",
        Files = ImmutableSortedDictionary<string, PackFile>.Empty
            .Add(PackRoles.Generator, new("generator.safetensors", Digest.Of([1]), 1))
            .Add(PackRoles.Clip, new("clip.safetensors", Digest.Of([2]), 1)),
        Generator = new() { Size = 8, StyleDim = 2, MappingLayers = 1, Channels = ImmutableSortedDictionary<int, int>.Empty.Add(4, 2).Add(8, 2) },
        Clip = new()
        {
            ImageSize = 8,
            PatchSize = 4,
            VisionWidth = 4,
            VisionLayers = 1,
            VisionHeads = 1,
            EmbedDim = 4,
            TextWidth = 4,
            TextLayers = 1,
            TextHeads = 1,
            ContextLength = 8,
            VocabularySize = 5,
        },
        Tokenizer = new() { Kind = PackTokenizerKind.Words, Words = ["red", "hair"] },
        LatentAverage = [0, 0],
    };

    [Fact]
    public void A_complete_manifest_has_no_mistakes() => Assert.Empty(PackValidator.Validate(Valid));

    [Fact]
    public void All_mistakes_are_named_together()
    {
        PackManifest broken = Valid with { Name = "Tiny Pack", Truncation = 0, LatentAverage = [0], Tokenizer = new() { Kind = PackTokenizerKind.Words } };

        ImmutableArray<string> mistakes = PackValidator.Validate(broken);

        Assert.Equal(4, mistakes.Length);
        Assert.Contains(mistakes, mistake => mistake.StartsWith("latentAverage has 1 numbers", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../clip.safetensors")]
    [InlineData("a/clip.safetensors")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void A_file_outside_the_packs_folder_is_refused(string path)
    {
        PackManifest broken = Valid with { Files = Valid.Files.SetItem(PackRoles.Clip, new(path, Digest.Of([2]), 1)) };

        Assert.Contains($"'{path}'", Assert.Single(PackValidator.Validate(broken)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pack_with_an_identity_network_needs_its_file()
    {
        PackManifest broken = Valid with
        {
            Identity = new() { InputSize = 8, EmbeddingDim = 4, Stages = [new(2, 2, 1)], Crop = new(8, 0, 0, 8, 8, 8) },
        };

        Assert.Contains("identity", Assert.Single(PackValidator.Validate(broken)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pack_with_an_attribute_network_needs_its_file()
    {
        PackManifest broken = Valid with { Attributes = Attributes };

        Assert.Contains("it must have attributes, clip, generator", Assert.Single(PackValidator.Validate(broken)), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_about_attributes_are_named_together()
    {
        PackManifest broken = WithAttributes(Attributes with
        {
            Values = 1,
            SqueezeReduction = 3,
            Stages = [new(2, 2, 0)],
            List = [Smiling, Smiling with { Index = 1, Threshold = float.NaN, Prompts = [""] }],
        });

        Assert.Equal(
            [
                "attributes.stages[0].units is 0; it must be 1 to 64",
                "attributes.squeezeReduction is 3; it must be 1 to 2, the channels of stages[0]",
                "attributes.list[1].index is 1; it must be 0 to 0",
                "attributes.list[1].threshold is NaN; it must be finite",
                "attributes.list[1].prompts must be at most 100 texts of 1 to 200 characters",
                "attributes.list has 2 attributes named 'smiling'; names must differ",
            ],
            PackValidator.Validate(broken));
    }

    [Fact]
    public void An_attribute_network_without_attributes_is_refused() =>
        Assert.Equal(
            ["attributes.stages has 0 stages; it must have 1 to 16", "attributes.list has 0 attributes; it must have 1 to 10000"],
            PackValidator.Validate(WithAttributes(Attributes with { Stages = default, List = default })));

    [Fact]
    public void Mistakes_about_a_perceptual_network_are_named_together()
    {
        PackManifest broken = Valid with
        {
            Perceptual = new() { Layers = [new(3, 4, Pool: true), new(5, 0, Pool: true)], WorkingSize = 2 },
            Files = Valid.Files.Add(PackRoles.Perceptual, new("perceptual.safetensors", Digest.Of([4]), 1)),
        };

        Assert.Equal(
            [
                "perceptual.layers[1].in is 5; it must be 4, what the layer before it gives",
                "perceptual.layers[1].out is 0; it must be 1 to 4096",
                "perceptual.workingSize is 2; it must be 4 to 2048",
            ],
            PackValidator.Validate(broken));
    }

    [Fact]
    public void A_pack_with_a_perceptual_network_needs_its_file() => Assert.Contains(
        "it must have clip, generator, perceptual",
        Assert.Single(PackValidator.Validate(Valid with { Perceptual = new() { Layers = [new(3, 4)] } })),
        StringComparison.Ordinal);

    private static readonly PackAttribute Smiling = new() { Name = "smiling", Prompts = ["smiling"], Index = 0, Threshold = 0.5f };

    private static readonly PackAttributes Attributes = new()
    {
        InputSize = 8,
        EmbeddingDim = 4,
        SqueezeReduction = 2,
        Stages = [new(2, 2, 1)],
        Values = 2,
        List = [Smiling],
    };

    private static PackManifest WithAttributes(PackAttributes attributes) =>
        Valid with { Attributes = attributes, Files = Valid.Files.Add(PackRoles.Attributes, new("attributes.safetensors", Digest.Of([3]), 1)) };
}
