using StyleClip.Reference;
using TorchSharp;

namespace StyleClip.Parity.Tests;

public sealed class ParityProgramTests : IDisposable
{
    private const string Small = "ranger.safetensors";

    private readonly string _directory = Directory.CreateTempSubdirectory("parity").FullName;
    private readonly StringWriter _output = new();

    public ParityProgramTests()
    {
        torch.set_num_threads(1);
        foreach (string name in new[] { "set.json", Small, "ranger.tolerance.json" })
            File.Copy(Path.Combine(GoldenData.RepositoryDirectory, name), Path.Combine(_directory, name));
    }

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _output.Dispose();
    }

    [Fact]
    public void Every_golden_file_is_of_a_known_family() => Assert.True(Run(GoldenData.RepositoryDirectory, "--list") == 0, _output.ToString());

    [Theory]
    [InlineData("manifests")]
    [InlineData("stylegan2")]
    [InlineData("stylegan2-checkpoints")]
    [InlineData("mappers")]
    [InlineData("coach")]
    [InlineData("coach-checkpoints")]
    [InlineData("clip-checkpoints")]
    [InlineData("clip-resize")]
    [InlineData("clip")]
    [InlineData("tokenizer")]
    [InlineData("optimisers")]
    [InlineData("irse50")]
    public void The_product_agrees_with_the_golden_data(string family) =>
        Assert.True(Run(GoldenData.RepositoryDirectory, "--only", family) == 0, _output.ToString());

    [Fact]
    public void A_set_that_agrees_ends_with_zero() => Assert.True(Run(_directory) == 0, _output.ToString());

    [Fact]
    public void A_changed_number_ends_with_one_and_names_the_tensor()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_directory, Small));
        bytes[^2] ^= 0x40; // the exponent of the last value
        File.WriteAllBytes(Path.Combine(_directory, Small), bytes);
        Assert.Equal(1, Run(_directory));
        Assert.Contains("FAIL  latent_optimisation_lr/steps40_lr0.2", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_ends_with_one_and_says_so()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_directory, Small));
        File.WriteAllBytes(Path.Combine(_directory, Small), bytes[..(bytes.Length / 2)]);
        Assert.Equal(1, Run(_directory));
        Assert.Contains("could not be read", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_no_family_ends_with_one_and_says_so()
    {
        File.WriteAllText(Path.Combine(_directory, "surprise.bin"), "?");
        Assert.Equal(1, Run(_directory));
        Assert.Contains("is of no known family", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_set_is_no_agreement()
    {
        File.Delete(Path.Combine(_directory, Small));
        File.Delete(Path.Combine(_directory, "ranger.tolerance.json"));
        Assert.Equal(1, Run(_directory));
    }

    [Fact]
    public void A_wrong_family_ends_with_two_and_lists_the_families()
    {
        Assert.Equal(2, Run(_directory, "--only", "nonsense"));
        Assert.Contains("optimisers", _output.ToString(), StringComparison.Ordinal);
    }

    private int Run(params string[] arguments) => ParityProgram.Run(arguments, _output);
}
