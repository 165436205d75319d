using System.Text.Json;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;

namespace StyleClip.Cli.Tests.Running;

/// <summary>A sweep whose prompts are edited by every method, and that measures a table.</summary>
public sealed class MethodsTests : IDisposable
{
    // Layer 1 is a to-RGB layer: the table has the channels of the first convolution alone.
    private const string Yaml = """
        name: methods
        pack: demo
        recipe:
          name: short
          steps: 2
          batch: { size: 2, microShards: 2 }
          stripFaces: 2
          optimization: { count: 2, steps: 2 }
          direction: { beta: 0, table: { samples: 16, images: 1, lastLayer: 1, truncation: 1 } }
        bank: { count: 8, validation: 2, truncation: 1 }
        tables:
        - { name: early, samples: 16, images: 1, lastLayer: 1, truncation: 1 }
        prompts:
        - a smiling face
        - { text: a smiling face, overrides: { mapper: { depth: 2 } } }
        - { text: a smiling face, method: optimization }
        - { text: a smiling face, method: optimization, overrides: { optimization: { space: styleSpace } } }
        - { text: a smiling face, method: direction, neutral: an angry face }
        - { text: a smiling face, method: optimization, overrides: { optimization: { kind: free, steps: 3 } } }
        - { text: a smiling face, method: optimization, overrides: { optimization: { kind: free, steps: 3, space: styleSpace } } }
        """;

    private readonly StyleClipProgram _program = new();

    [Fact]
    public async Task Every_method_s_result_is_published_and_its_bytes_do_not_depend_on_the_devices()
    {
        string spec = _program.Write("sweep.yaml", Yaml);
        ProgramResult first = await _program.Run("run", spec, "--store", _program.Store("one"), "--output", "json", "--devices", "2");
        Assert.True(first.ExitCode == 0, $"{first.Output}\n{first.Errors}");

        JsonElement[] jobs = [.. first.Document.GetProperty("jobs").EnumerateArray()];
        Assert.Equal(["table", null, null, "optimization", "optimization", "direction", "optimization", "optimization"], jobs.Select(job => job.TryGetProperty("method", out JsonElement method) ? method.GetString() : null));
        string[] files = [.. jobs.Select(job => job.GetProperty("mapper").GetProperty("path").GetString()!)];
        Assert.Equal(["table", "mapper", "mapper", "latents", "latents", "direction", "latents", "latents"], files.Select(Path.GetFileNameWithoutExtension));
        // Jobs of one prompt and method with other settings have the same slug, and must not overwrite each other.
        Assert.Equal(files.Length, files.Select(Path.GetDirectoryName).Distinct().Count());
        Assert.All(jobs, job => Assert.Equal(job.GetProperty("mapper").GetProperty("sha256").GetString(), Digest.Of(File.ReadAllBytes(job.GetProperty("mapper").GetProperty("path").GetString()!)).Hex));
        foreach (JsonElement job in jobs[1..])
        {
            var card = ContractJson.FromBytes<MapperCard>(File.ReadAllBytes(job.GetProperty("card").GetString()!), "card");
            Assert.True(card.PassesGate);
            Assert.Equal(job.GetProperty("clipGain").GetDouble(), card.Metrics.ClipGain);
        }

        // Free generation makes the latents of the command that does it at once, bit for bit.
        Assert.All(jobs[6..], job => Assert.StartsWith("a-smiling-face-free-", job.GetProperty("slug").GetString(), StringComparison.Ordinal));
        Assert.Equal(Digest.Of(await Optimize("wplus")), Digest.Of(File.ReadAllBytes(files[6])));
        Assert.Equal(Digest.Of(await Optimize("s")), Digest.Of(File.ReadAllBytes(files[7])));

        ProgramResult again = await _program.Run("run", spec, "--store", _program.Store("one"), "--output", "json");
        Assert.Contains("nothing is left to do", again.Errors, StringComparison.Ordinal);
        Assert.Equal(first.Output, again.Output);

        ProgramResult other = await _program.Run("run", spec, "--store", _program.Store("two"), "--output", "json", "--devices", "1");
        Assert.Equal(Digests(first), Digests(other));

        ProgramResult tables = await _program.Run("directions", "list", "--store", _program.Store("one"));
        Assert.Contains("early", tables.Output, StringComparison.Ordinal);

        string clash = _program.Write("clash.yaml", "name: clash\npack: demo\ntables:\n- { name: early, samples: 16, images: 2, lastLayer: 1 }\n");
        ProgramResult refused = await _program.Run("run", clash, "--store", _program.Store("one"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("clash.yaml:4:11: tables[0].name is early; it must be another name", refused.Errors, StringComparison.Ordinal);
        Assert.StartsWith("methods-", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(Path.Combine(_program.Store("one"), "documents", "grains", "sweep")))), StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();

    private async Task<byte[]> Optimize(string space)
    {
        ProgramResult result = await _program.Run("optimize", "--pack", "demo", "--prompt", "a smiling face", "--mode", "free", "--space", space, "--steps", "3", "--out", space);
        Assert.True(result.ExitCode == 0, result.Errors);
        return await File.ReadAllBytesAsync(Path.Combine(_program.Folder, space, "latents.safetensors"));
    }

    private static IEnumerable<(string?, string?)> Digests(ProgramResult result) => result.Document.GetProperty("jobs").EnumerateArray()
        .Select(job => (job.GetProperty("slug").GetString(), job.GetProperty("mapper").GetProperty("sha256").GetString()));
}
