using System.Text.Json;
using StyleClip.Reference.Packs;

namespace StyleClip.Cli.Tests.Commands;

public sealed class InvertCommandTests : IDisposable
{
    private const double LeastPsnr = 28;

    private readonly StyleClipProgram _program = new();

    [Fact]
    public async Task A_picture_of_the_demo_generator_is_found_again_and_can_be_edited()
    {
        ProgramResult rendered = await _program.Run("optimize", "--pack", "demo", "--prompt", "a smiling face", "--steps", "1", "--seed", "3", "--out", "rendered");
        Assert.True(rendered.ExitCode == 0, rendered.Errors);

        ProgramResult inverted = await _program.Run("invert", "--pack", "demo", "--image", "rendered/0000-before.png", "--steps", "60", "--out", "codes.safetensors", "--output", "json");

        Assert.True(inverted.ExitCode == 0, inverted.Errors);
        Assert.Contains("Pack demo has no perceptual network: pictures are compared by pixels and identity alone.", inverted.Errors, StringComparison.Ordinal);
        JsonElement fit = Assert.Single(inverted.Document.GetProperty("results").EnumerateArray()).GetProperty("fit");
        Assert.InRange(fit.GetProperty("psnr").GetDouble(), LeastPsnr, 100);
        Assert.InRange(fit.GetProperty("identitySimilarity").GetDouble(), 0.95, 1.001);
        Assert.InRange(fit.GetProperty("clipSimilarity").GetDouble(), 0.95, 1.001);
        Assert.Equal(["pixels", "identity"], inverted.Document.GetProperty("terms").EnumerateArray().Select(term => term.GetString()));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(Path.Combine(_program.Folder, "codes.png"))[..4]);

        ProgramResult edited = await _program.Run("optimize", "--pack", "demo", "--prompt", "a smiling face", "--latents", "codes.safetensors", "--steps", "1", "--out", "edited");
        Assert.True(edited.ExitCode == 0, edited.Errors);
    }

    [Fact]
    public async Task Every_picture_is_read_before_the_first_is_inverted()
    {
        RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"), hasIdentity: false);
        await _program.Run("optimize", "--pack", "pack", "--prompt", "a face", "--steps", "1", "--out", "rendered");

        ProgramResult refused = await _program.Run("invert", "--pack", "pack", "--image", "rendered/0000-before.png", "rendered/strip.png", "--out", "codes.safetensors");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("rendered/strip.png has 36 x 70 pixels; the generator's pictures are square", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_program.Folder, "codes.safetensors")));

        ProgramResult without = await _program.Run("invert", "--pack", "pack", "--image", "rendered/0000-before.png", "--steps", "2", "--out", "codes.safetensors", "--output", "json");
        Assert.Equal(["pixels"], without.Document.GetProperty("terms").EnumerateArray().Select(term => term.GetString()));
    }

    [Fact]
    public async Task A_pack_with_a_perceptual_network_compares_by_it_too()
    {
        RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"), hasPerceptual: true);
        ProgramResult rendered = await _program.Run("optimize", "--pack", "pack", "--prompt", "a face", "--method", "tedigan", "--steps", "2", "--out", "rendered", "--output", "json");
        Assert.True(rendered.ExitCode == 0, rendered.Errors);
        Assert.DoesNotContain("VGG term", rendered.Errors, StringComparison.Ordinal);
        Assert.True(rendered.Document.GetProperty("results")[0].GetProperty("losses")[0].GetProperty("perceptual").GetDouble() > 0);

        ProgramResult inverted = await _program.Run("invert", "--pack", "pack", "--image", "rendered/0000-before.png", "--steps", "2", "--out", "codes.safetensors", "--output", "json");
        Assert.True(inverted.ExitCode == 0, inverted.Errors);
        Assert.DoesNotContain("perceptual network", inverted.Errors, StringComparison.Ordinal);
        Assert.Equal(["pixels", "identity", "perceptual"], inverted.Document.GetProperty("terms").EnumerateArray().Select(term => term.GetString()));
        Assert.InRange(inverted.Document.GetProperty("results")[0].GetProperty("fit").GetProperty("perceptualSimilarity").GetDouble(), -1, 1);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_what_there_is()
    {
        RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"));
        await _program.Run("optimize", "--pack", "pack", "--prompt", "a face", "--steps", "1", "--out", "rendered");

        ProgramResult result = await _program.RunUntil(
            line => line.Contains("0000-before.png: step 1/100000", StringComparison.Ordinal), Signals.CtrlC,
            "invert", "--pack", "pack", "--image", "rendered/0000-before.png", "rendered/0000-after.png", "--steps", "100000", "--out", "codes.safetensors", "--output", "json");

        Assert.Equal(130, result.ExitCode);
        Assert.True(result.Document.GetProperty("interrupted").GetBoolean());
        Assert.InRange(Assert.Single(result.Document.GetProperty("results").EnumerateArray()).GetProperty("steps").GetInt32(), 1, 99_999);
        Assert.True(File.Exists(Path.Combine(_program.Folder, "codes.safetensors")));
    }

    public void Dispose() => _program.Dispose();
}
