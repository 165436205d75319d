using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class DirectionFileTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    private static readonly Dictionary<string, string> Metadata = new() { ["alpha"] = "2.5", ["channels"] = "3", ["largestRelevance"] = "0.25" };

    private GeneratorSpec Spec => world.Networks.Generator.Spec;

    [Fact]
    public void A_direction_comes_back_as_it_was_written()
    {
        using DisposeScope scope = NewDisposeScope();
        using StateDict given = File(Spec.StyleWidths, Metadata);
        using StyleDirection first = DirectionFile.Read(given, "given", Spec, CPU);
        byte[] bytes = DirectionFile.ToBytes(new FoundDirection(first, Beta: 0.1, Templates: 1), alpha: 1.25);
        using var stream = new MemoryStream(bytes);
        using StateDict written = SafetensorsReader.Read(stream, "written");
        using StyleDirection second = DirectionFile.Read(written, "written", Spec, CPU);

        Assert.True(DirectionFile.Is(written));
        Assert.Equal(1.25, DirectionFile.Alpha(written, "written"));
        Assert.Equal((3, 0.25), (second.SurvivingChannels, second.LargestRelevance));
        Assert.Equal(first.Offsets.Length, second.Offsets.Length);
        Assert.All(first.Offsets.Zip(second.Offsets), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void A_direction_for_another_generator_is_refused_with_the_layer()
    {
        using StateDict wide = File([.. Spec.StyleWidths.Select((width, layer) => layer == 2 ? width + 1 : width)], Metadata);
        using StateDict few = File(Spec.StyleWidths[..^3], Metadata);

        Assert.Contains("offsets.2 of it has the shape", Refusal(wide), StringComparison.Ordinal);
        Assert.Contains($"a direction of this generator has {Spec.StyleWidths.Length}", Refusal(few), StringComparison.Ordinal);
    }

    [Fact]
    public void A_direction_that_does_not_say_its_strength_is_refused()
    {
        using StateDict silent = File(Spec.StyleWidths, new() { ["alpha"] = "much" });

        WeightsException refusal = Assert.Throws<WeightsException>(() => DirectionFile.Alpha(silent, "it"));
        Assert.Contains("a number under 'alpha'", refusal.Message, StringComparison.Ordinal);
    }

    private static StateDict File(IEnumerable<int> widths, Dictionary<string, string> metadata) =>
        new(widths.Select((width, layer) => KeyValuePair.Create($"offsets.{layer}", randn(width))), metadata);

    private string Refusal(StateDict file) => Assert.Throws<WeightsException>(() => DirectionFile.Read(file, "it", Spec, CPU)).Message;
}
