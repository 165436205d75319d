using System.Buffers.Binary;
using System.Text.Json;
using StyleClip.Reference.Packs;

namespace StyleClip.Cli.Tests.Commands;

/// <summary>Mappers trained by the program on a tiny random pack, applied by the program.</summary>
public sealed class MapperApplyCommandTests : IDisposable
{
    private const int Face = 32, Gutter = 2;

    private readonly StyleClipProgram _program = new();

    [Fact]
    public async Task Edits_are_combined_at_several_strengths_on_every_latent()
    {
        (string red, string smiling) = await Train();

        JsonElement applied = await Apply("pictures", red, $"{smiling}@0.2", "--strength", "-0.5,0,0.5", "--count", "3");

        Assert.Equal([-0.5, 0, 0.5], Numbers(applied.GetProperty("edits")[0].GetProperty("strengths")));
        Assert.Equal([0.2, 0.2, 0.2], Numbers(applied.GetProperty("edits")[1].GetProperty("strengths")));
        Assert.Equal((3, 9, 3 * 4), (applied.GetProperty("latents").GetInt32(), applied.GetProperty("editedImages").GetInt32(), applied.GetProperty("pictures").GetArrayLength()));
        Assert.True(applied.GetProperty("millisecondsPerImage").GetDouble() > 0);
        Assert.Equal((Gutter + (3 * (Face + Gutter)), Gutter + (4 * (Face + Gutter))), SizeOf(applied.GetProperty("strip").GetString()!));
        Assert.Equal((Face, Face), SizeOf("pictures/0002-after-3.png"));

        // The second edit alone is what is left of both where the first has no strength.
        await Apply("alone", $"{smiling}@0.2", "--count", "3");
        Assert.Equal(Bytes("alone/0001-after.png"), Bytes("pictures/0001-after-2.png"));
        Assert.NotEqual(Bytes("alone/0001-before.png"), Bytes("alone/0001-after.png"));
        Assert.NotEqual(Bytes("pictures/0001-after-1.png"), Bytes("pictures/0001-after-3.png"));
    }

    [Fact]
    public async Task A_file_is_the_mapper_of_its_card_wherever_the_card_is()
    {
        (_, string smiling) = await Train();
        string file = Directory.EnumerateFiles(_program.Store(), "mapper.safetensors", SearchOption.AllDirectories).Single(path => path.Contains(smiling, StringComparison.Ordinal));
        File.Copy(file, Path.Combine(_program.Folder, "copy.safetensors"));

        await Apply("slug", $"{smiling}:1", "--count", "1");
        await Apply("file", file, "--count", "1");
        await Apply("copy", "copy.safetensors", "--count", "1");

        Assert.Equal(Bytes("slug/0000-after.png"), Bytes("file/0000-after.png"));
        Assert.Equal(Bytes("slug/0000-after.png"), Bytes("copy/0000-after.png"));

        ProgramResult unknown = await _program.Run("mapper", "apply", "copy.safetensors", "--pack", "pack", "--store", "empty", "--out", "unknown.png");
        Assert.Equal(0, unknown.ExitCode);
        Assert.Contains("has no card; it is taken as the published code would", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_applied_is_refused_with_the_reason()
    {
        (string red, _) = await Train();
        RandomPack.WriteTiny(Path.Combine(_program.Folder, "other"), seed: 2);

        Assert.Contains("was trained for the generator of pack tiny", await Refused(red, "--pack", "other"), StringComparison.Ordinal);
        Assert.Contains("the catalogue of", await Refused($"{red}:2", "--pack", "pack"), StringComparison.Ordinal);
        Assert.Contains("There is no file missing.pt", await Refused("missing.pt@0.2", "--pack", "pack"), StringComparison.Ordinal);
        Assert.Contains("Every edit has a strength of its own", await Refused($"{red}@0.2", "--pack", "pack", "--strength", "0.1"), StringComparison.Ordinal);
        Assert.Contains("65 latents do not fit one strip", await Refused(red, "--pack", "pack", "--count", "65"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mappers_and_directions_are_combined_in_one_call()
    {
        (string red, _) = await Train();
        WriteDirection("direction.safetensors", alpha: 2);

        JsonElement both = await Apply("both", $"{red}@0.3", "direction.safetensors", "--strength", "0,-1,1", "--count", "2");
        JsonElement byAlpha = await Apply("alpha", "direction.safetensors", "--count", "2");
        await Apply("two", "direction.safetensors@2", "--count", "2");
        await Apply("mapper", $"{red}@0.3", "--count", "2");

        Assert.Equal(["mapper", "direction"], both.GetProperty("edits").EnumerateArray().Select(edit => edit.GetProperty("method").GetString()));
        Assert.Equal([2], Numbers(byAlpha.GetProperty("edits")[0].GetProperty("strengths")));
        Assert.Equal(Bytes("two/0001-after.png"), Bytes("alpha/0001-after.png"));
        Assert.NotEqual(Bytes("two/0001-before.png"), Bytes("two/0001-after.png"));
        Assert.Equal(Bytes("mapper/0001-after.png"), Bytes("both/0001-after-1.png"));
        Assert.NotEqual(Bytes("both/0001-after-2.png"), Bytes("both/0001-after-3.png"));
    }

    [Fact]
    public async Task A_published_direction_is_an_edit_like_a_mapper_and_optimised_latents_are_none()
    {
        RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"));
        string[] slugs = await Run("""
            name: methods
            pack: pack
            recipe:
              name: tiny
              steps: 2
              mapper: { coarseEnd: 2, mediumEnd: 4, depth: 2 }
              optimization: { steps: 2, count: 1 }
              direction: { alpha: 3, beta: 0.01, table: { samples: 50, images: 2 } }
              batch: { size: 4, microShards: 2 }
              stripFaces: 2
            bank: { count: 8, validation: 2 }
            gate: {}
            prompts:
            - a face with red hair
            - { text: a smiling face, neutral: a face, method: direction }
            - { text: a face with glasses, method: optimization }
            """);

        JsonElement both = await Apply("both", $"{slugs[0]}@0.2", slugs[1], "--count", "2");
        await Apply("mapper", $"{slugs[0]}@0.2", "--count", "2");

        Assert.Equal([("mapper", 0.2), ("direction", 3.0)], both.GetProperty("edits").EnumerateArray().Select(edit => (edit.GetProperty("method").GetString()!, edit.GetProperty("strengths")[0].GetDouble())));
        Assert.Equal("a smiling face", both.GetProperty("edits")[1].GetProperty("prompt").GetString());
        Assert.NotEqual(Bytes("mapper/0001-after.png"), Bytes("both/0001-after.png"));
        Assert.Contains($"{slugs[2]}:1 holds latents that were optimised one by one", await Refused(slugs[2], "--pack", "pack"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_in_style_space_take_edits_of_style_space_alone()
    {
        (string red, _) = await Train();
        WriteDirection("direction.safetensors", alpha: 2);
        ProgramResult optimized = await _program.Run("optimize", "--pack", "pack", "--prompt", "a smiling face", "--space", "s", "--steps", "2", "--out", "optimized");
        Assert.True(optimized.ExitCode == 0, optimized.Errors);

        await Apply("styles", "direction.safetensors", "--latents", "optimized/latents.safetensors");
        Assert.Equal(Bytes("optimized/0000-after.png"), Bytes("styles/0000-before.png"));
        Assert.NotEqual(Bytes("styles/0000-before.png"), Bytes("styles/0000-after.png"));

        Assert.Contains($"has codes in style space; the mapper {red}:1 works in W+", await Refused(red, "--pack", "pack", "--latents", "optimized/latents.safetensors"), StringComparison.Ordinal);
        Assert.Contains("holds latents that were optimised one by one", await Refused("optimized/latents.safetensors", "--pack", "pack"), StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();

    private void WriteDirection(string name, double alpha) =>
        RandomDirection.Write(Path.Combine(_program.Folder, "pack"), Path.Combine(_program.Folder, name), alpha);

    private async Task<(string Red, string Smiling)> Train()
    {
        RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"));
        string[] slugs = await Run("""
            name: tiny
            pack: pack
            recipe:
              name: tiny
              steps: 2
              mapper: { coarseEnd: 2, mediumEnd: 4, depth: 2 }
              batch: { size: 4, microShards: 2 }
              validation: { everySteps: 2, batchSize: 4 }
              stripFaces: 2
            bank: { count: 8, validation: 2 }
            gate: {}
            prompts: [a face with red hair, { text: a smiling face, overrides: { mapper: { kind: single } } }]
            """);
        return (slugs[0], slugs[1]);
    }

    private async Task<string[]> Run(string sweep)
    {
        ProgramResult result = await _program.Run("run", _program.Write("sweep.yaml", sweep), "--store", _program.Store(), "--output", "json");
        Assert.True(result.ExitCode == 0, result.Errors);
        return [.. result.Document.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("slug").GetString()!)];
    }

    private async Task<JsonElement> Apply(string folder, params string[] arguments)
    {
        ProgramResult result = await _program.Run(["mapper", "apply", .. arguments, "--pack", "pack", "--store", _program.Store(), "--out", folder, "--output", "json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Document;
    }

    private async Task<string> Refused(params string[] arguments)
    {
        ProgramResult result = await _program.Run(["mapper", "apply", .. arguments, "--store", _program.Store(), "--out", "refused.png"]);
        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        return result.Errors;
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(_program.Folder, file));

    /// <summary>Width and height in a PNG's header.</summary>
    private (int Width, int Height) SizeOf(string file)
    {
        byte[] header = Bytes(file);
        return (BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(20)));
    }
}
