namespace StyleClip.Cli.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly StyleClipProgram _program = new();

    [Fact]
    public async Task Codes_become_a_file_of_our_form_and_say_what_they_are()
    {
        ProgramResult import = await _program.Run("latents", "import", Golden("upstream/w_plus.npy"), "--out", "codes.safetensors");
        Assert.True(import.ExitCode == 0, import.Errors);
        Assert.Contains("2 codes in W+, [2, 6, 16]: 6 layers are a generator of 16 px", import.Output, StringComparison.Ordinal);
        ProgramResult inspect = await _program.Run("latents", "inspect", "codes.safetensors");
        Assert.Contains("2 codes in W+, [2, 6, 16]", inspect.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string[]> Mistakes => new()
    {
        { "Python objects", ["latents", "inspect", Golden("upstream/objects.npy")] },
        { "one array Float64 [2, 6, 16]; a StyleCLIP mapper has keys", ["mapper", "import", Golden("upstream/w_plus.npy"), "--pack", "demo"] },
        { "it must be a folder with a pack.json or a pack of the store", ["pack", "inspect", "nowhere"] },
        { "the catalogue of", ["mapper", "export", "nothing", "--out", "x.pt"] },
        { "AZURE_STORAGE_CONNECTION_STRING", ["pack", "list", "--store", "azure://mappers"] },
        { "it must be a folder, azure://CONTAINER", ["mapper", "export", "nothing", "--out", "x.pt", "--store", "s3://mappers"] },
        { "StyleGAN3", ["pack", "import", "--generator", Golden("upstream/stylegan3.pkl"), "--clip", Golden("upstream/s_codes.pkl"), "--name", "x"] },
        { "a CLIP model has the key", ["pack", "import", "--generator", Golden("upstream/stylegan3.pkl"), "--clip", Golden("upstream/s_codes.pkl"), "--name", "x"] },
        { "Could not find file", ["latents", "inspect", "missing.npy"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_said_in_plain_lines(string expected, string[] arguments)
    {
        ProgramResult result = await _program.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();

    private static string Golden(string file) => GoldenFile.At(file);
}
