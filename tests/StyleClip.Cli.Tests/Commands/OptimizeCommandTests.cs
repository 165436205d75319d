using System.Text.Json;
using StyleClip.Reference.Packs;

namespace StyleClip.Cli.Tests.Commands;

/// <summary>The latent optimisation as a user runs it, on a tiny random pack.</summary>
public sealed class OptimizeCommandTests : IDisposable
{
    private readonly StyleClipProgram _program = new();

    public OptimizeCommandTests() => RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"));

    [Fact]
    public async Task Latents_move_towards_the_text_and_can_be_worked_on_again()
    {
        JsonElement done = await Optimize("edited", "--count", "2", "--steps", "12");

        Assert.False(done.GetProperty("interrupted").GetBoolean());
        Assert.Equal((0.008, 0.005), (done.GetProperty("options").GetProperty("lambdaL2").GetDouble(), done.GetProperty("options").GetProperty("lambdaId").GetDouble()));
        JsonElement[] results = [.. done.GetProperty("results").EnumerateArray()];
        Assert.Equal([12, 12], results.Select(result => result.GetProperty("steps").GetInt32()));
        foreach (JsonElement result in results)
        {
            JsonElement losses = result.GetProperty("losses");
            Assert.Equal(12, losses.GetArrayLength());
            Assert.Equal(0, losses[0].GetProperty("learningRate").GetDouble());
            Assert.Equal(1 - result.GetProperty("sourceSimilarity").GetDouble(), losses[0].GetProperty("clip").GetDouble(), 1e-5);
            Assert.True(result.GetProperty("clipGain").GetDouble() > 0);
        }

        // The second latent of the file shows what the second picture showed.
        await Optimize("again", "--latents", "edited/latents.safetensors", "--index", "1", "--steps", "1");
        Assert.Equal(Bytes("edited/0001-after.png"), Bytes("again/0000-before.png"));
        Assert.NotEqual(Bytes("edited/0001-before.png"), Bytes("edited/0001-after.png"));
        Assert.Equal(done.GetRawText(), JsonDocument.Parse(Bytes("edited/result.json")).RootElement.GetRawText());
    }

    [Fact]
    public async Task Free_generation_starts_from_the_mean_latent_with_the_clip_term_alone()
    {
        JsonElement free = await Optimize("free", "--mode", "free", "--steps", "8");
        JsonElement other = await Optimize("other", "--mode", "free", "--steps", "3", "--space", "s");

        Assert.Equal((0, 0), (free.GetProperty("options").GetProperty("lambdaL2").GetDouble(), free.GetProperty("options").GetProperty("lambdaId").GetDouble()));
        Assert.Equal(Bytes("free/0000-before.png"), Bytes("other/0000-before.png"));
        Assert.Equal("s", other.GetProperty("space").GetString());
        ProgramResult codes = await _program.Run("latents", "inspect", "other/latents.safetensors");
        Assert.Contains("1 codes in style space", codes.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Style_space_goes_on_from_codes_in_style_space_and_nothing_else_does()
    {
        await Optimize("styles", "--space", "s", "--count", "2", "--steps", "3");
        await Optimize("again", "--space", "s", "--latents", "styles/latents.safetensors", "--index", "1", "--steps", "3");
        Assert.Equal(Bytes("styles/0001-after.png"), Bytes("again/0000-before.png"));
        Assert.NotEqual(Bytes("again/0000-before.png"), Bytes("again/0000-after.png"));

        ProgramResult wPlus = await _program.Run(Arguments("refused", "--latents", "styles/latents.safetensors", "--steps", "3"));
        Assert.Equal(2, wPlus.ExitCode);
        Assert.Contains("has codes in style space; --space wplus needs codes in W or W+. Give --space s.", wPlus.Errors, StringComparison.Ordinal);
        ProgramResult tediGan = await _program.Run(Arguments("refused", "--method", "tedigan", "--latents", "styles/latents.safetensors", "--steps", "3"));
        Assert.Equal(2, tediGan.ExitCode);
        Assert.Contains("--method tedigan works in W+", tediGan.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tedigan_starts_from_the_mean_or_from_the_code_and_names_the_term_it_lacks()
    {
        ProgramResult published = await _program.Run(Arguments("mean", "--method", "tedigan", "--steps", "3"));
        Assert.Equal(0, published.ExitCode);
        Assert.Contains("VGG term (weight 5e-5) is left out", published.Errors, StringComparison.Ordinal);
        JsonElement code = await Optimize("code", "--method", "tedigan", "--start", "code", "--steps", "3");

        Assert.Equal(("tediGan", "mean", 2.0), (published.Document.GetProperty("method").GetString(), published.Document.GetProperty("tediGan").GetProperty("start").GetString(), code.GetProperty("tediGan").GetProperty("lambdaLatent").GetDouble()));
        Assert.True(FirstPixels(published.Document) > 1e-3);
        Assert.Equal(0, FirstPixels(code), 1e-9);
        Assert.Equal(Bytes("mean/0000-before.png"), Bytes("code/0000-before.png"));

        static double FirstPixels(JsonElement document) => document.GetProperty("results")[0].GetProperty("losses")[0].GetProperty("pixels").GetDouble();
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_what_there_is()
    {
        ProgramResult result = await _program.RunUntil(
            line => line.Contains("latent 1 of 3: step 400/4000", StringComparison.Ordinal), Signals.CtrlC, // the rate has risen: the picture has changed
            Arguments("early", "--count", "3", "--steps", "4000"));

        Assert.Equal(130, result.ExitCode);
        Assert.True(result.Document.GetProperty("interrupted").GetBoolean());
        JsonElement only = Assert.Single(result.Document.GetProperty("results").EnumerateArray());
        Assert.InRange(only.GetProperty("steps").GetInt32(), 400, 3_999);
        Assert.NotEqual(Bytes("early/0000-before.png"), Bytes("early/0000-after.png"));
        ProgramResult codes = await _program.Run("latents", "inspect", "early/latents.safetensors", "--pack", "pack");
        Assert.Contains("1 codes in W+", codes.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--mode free has the CLIP term alone", "--mode", "free", "--lambda-l2", "0.1")]
    [InlineData(2, "--mode free starts from the mean latent", "--mode", "free", "--count", "2")]
    [InlineData(2, "--method tedigan edits latents in W+ with its own weights", "--method", "tedigan", "--space", "s")]
    [InlineData(2, "--start is for --method tedigan", "--start", "code")]
    [InlineData(2, "Could not find file", "--latents", "none.safetensors")]
    [InlineData(1, "--lr is -1; it must be greater than 0", "--lr", "-1")]
    public async Task A_mistake_is_said_in_plain_lines(int exitCode, string expected, params string[] arguments)
    {
        ProgramResult result = await _program.Run(Arguments("refused", arguments));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();

    private static string[] Arguments(string folder, params string[] arguments) =>
        ["optimize", "--pack", "pack", "--prompt", "a face with red hair", .. arguments, "--out", folder, "--output", "json"];

    private async Task<JsonElement> Optimize(string folder, params string[] arguments)
    {
        ProgramResult result = await _program.Run(Arguments(folder, arguments));
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Document;
    }

    private byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(_program.Folder, file));
}
