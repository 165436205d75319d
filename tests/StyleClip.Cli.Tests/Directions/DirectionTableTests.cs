using StyleClip.Reference.Packs;

namespace StyleClip.Cli.Tests.Directions;

public sealed class DirectionTableTests : IDisposable
{
    private readonly StyleClipProgram _program = new();

    public DirectionTableTests() => RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"));

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_table_goes_out_to_the_original_programs_files_and_comes_back_with_the_same_numbers()
    {
        ProgramResult missing = await _program.Run("directions", "show", "--pack", "pack");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("styleclip directions build", missing.Errors, StringComparison.Ordinal);

        await Succeed("directions", "build", "--pack", "pack", "--samples", "50", "--images", "2", "--last-layer", "3", "--name", "first");
        await Succeed("directions", "export", "--pack", "pack", "--out", "files");
        Assert.True(File.Exists(Path.Combine(_program.Folder, "files", "fs3.npy")));
        await Succeed("directions", "import", "--pack", "pack", "--rows", "files/fs3.npy", "--statistics", "files/S_mean_std", "--name", "second");
        await Succeed("directions", "export", "--pack", "pack", "--table", "second", "--out", "again");
        foreach (string file in new[] { "fs3.npy", "S_mean_std" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(_program.Folder, "files", file)), File.ReadAllBytes(Path.Combine(_program.Folder, "again", file)));

        ProgramResult list = await Succeed("directions", "list");
        Assert.Contains("first", list.Output, StringComparison.Ordinal);
        Assert.Contains("imported", list.Output, StringComparison.Ordinal);
        ProgramResult card = await Succeed("directions", "show", "--pack", "pack", "--table", "second");
        Assert.Equal("fs3.npy", card.Document.GetProperty("origins")[0].GetProperty("file").GetString());
        await Succeed("directions", "export", "--pack", "pack", "--table", "first", "--format", "safetensors", "--out", "first.safetensors");
        Assert.True(File.Exists(Path.Combine(_program.Folder, "first.safetensors")));
    }

    [Fact]
    public async Task Texts_edit_latents_and_say_how_many_channels_took_part()
    {
        await Succeed("directions", "build", "--pack", "pack", "--samples", "50", "--images", "2", "--name", "table");
        string[] edit = ["directions", "apply", "--pack", "pack", "--neutral", "a face", "--count", "2"];
        ProgramResult one = await Succeed([.. edit, "--target", "a face with glasses", "--beta", "0.01", "--alpha", "-2,4", "--out", "one.png", "--output", "json"]);
        var report = one.Document.GetProperty("edits")[0];
        Assert.InRange(report.GetProperty("channels").GetInt32(), 1, 112);
        Assert.Equal(112, report.GetProperty("channelsOf").GetInt32());
        Assert.InRange(report.GetProperty("templates").GetInt32(), 1, 79);
        Assert.Equal(2, report.GetProperty("alphas").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(_program.Folder, "one.png")));

        ProgramResult several = await Succeed([.. edit, "--target", "a smiling face@2", "--target", "a face with red hair", "--beta", "0.01", "--out", "several"]);
        Assert.Contains("a smiling face (from a face)", several.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["0000-after.png", "0000-before.png", "0001-after.png", "0001-before.png", "strip.png"],
            Directory.GetFiles(Path.Combine(_program.Folder, "several"), "*.png").Select(Path.GetFileName).Order(StringComparer.Ordinal).Where(name => !name!.StartsWith('a')));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_program.Folder, "several"), "a-*.png").Length);

        ProgramResult none = await _program.Run([.. edit, "--target", "a face with glasses", "--beta", "1", "--out", "none.png"]);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("the largest relevance is 0.", none.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_program.Folder, "none.png")));
        ProgramResult unknown = await _program.Run([.. edit, "--target", "a face with wings", "--out", "none.png"]);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("wings", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_takes_every_picture_of_any_number_of_latents()
    {
        await Succeed("directions", "build", "--pack", "pack", "--samples", "50", "--images", "2", "--name", "table");
        string[] edit = ["directions", "apply", "--pack", "pack", "--neutral", "a face", "--target", "a smiling face", "--beta", "0.01", "--alpha", "-2,4", "--count", "65"];

        ProgramResult many = await Succeed([.. edit, "--out", "many", "--output", "json"]);
        string[] pictures = [.. many.Document.GetProperty("pictures").EnumerateArray().Select(picture => picture.GetString()!)];
        Assert.Equal(3 * 65, pictures.Length);
        Assert.Contains(Path.Combine("many", "0064-after-2.png"), pictures);
        Assert.All(pictures, picture => Assert.True(File.Exists(Path.Combine(_program.Folder, picture)), picture));
        Assert.NotEqual(Bytes("many/0064-after-1.png"), Bytes("many/0064-after-2.png"));

        ProgramResult strip = await _program.Run([.. edit, "--out", "many.png"]);
        Assert.Equal(2, strip.ExitCode);
        Assert.Contains("65 latents do not fit one strip of at most 64 faces; give --out a folder.", strip.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_in_style_space_show_what_their_W_plus_codes_show()
    {
        await Succeed("directions", "build", "--pack", "pack", "--samples", "50", "--images", "2", "--name", "table");
        await Succeed("optimize", "--pack", "pack", "--prompt", "a face with red hair", "--space", "s", "--steps", "2", "--count", "2", "--out", "optimized");
        string[] edit = ["directions", "apply", "--pack", "pack", "--neutral", "a face", "--target", "a smiling face", "--beta", "0.01", "--alpha", "3"];

        await Succeed([.. edit, "--latents", "optimized/latents.safetensors", "--out", "styles"]);
        await Succeed([.. edit, "--count", "2", "--out", "codes"]);

        Assert.Equal(Bytes("optimized/0001-after.png"), Bytes("styles/0001-before.png"));
        Assert.Equal(Bytes("optimized/0001-before.png"), Bytes("codes/0001-before.png"));
        Assert.NotEqual(Bytes("styles/0001-before.png"), Bytes("styles/0001-after.png"));
    }

    private byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(_program.Folder, file));

    private async Task<ProgramResult> Succeed(params string[] arguments)
    {
        ProgramResult result = await _program.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result;
    }
}
