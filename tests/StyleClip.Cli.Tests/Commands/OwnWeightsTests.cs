using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using StyleClip.Models.Weights;
using StyleClip.Reference.Packs;
using static TorchSharp.torch;

namespace StyleClip.Cli.Tests.Commands;

/// <summary>A user's own weights, from published files to a trained mapper and back, by the program alone.</summary>
public sealed class OwnWeightsTests : IDisposable
{
    private const string Python = "/usr/bin/python3"; // the one that Debian's python3-torch belongs to

    private readonly StyleClipProgram _program = new();

    [Theory]
    [InlineData("stylegan2_tiny_rosinality.pt", true)]
    [InlineData("upstream/nvidia_ada_tiny.pkl", false)]
    public async Task Published_files_become_a_pack_that_is_listed_shown_and_verified(string generator, bool isScript)
    {
        string clip = isScript ? PublishedFormats.ClipScript(Place("clip.pt")) : PublishedFormats.Clip(Place("clip.pt"));
        string identity = isScript ? PublishedFormats.IdentityLegacy(Place("identity.pth")) : PublishedFormats.Identity(Place("identity.pth"));
        await Succeed("pack", "import", "--generator", GoldenFile.At(generator), "--clip", clip, "--identity", identity, "--name", "own", "--licence", "my terms", "--out", "pack", "--store", "store");

        Assert.StartsWith("own  sha256:", await Succeed("pack", "list", "--store", "store"), StringComparison.Ordinal);
        string shown = await Succeed("pack", "inspect", "own", "--store", "store");
        Assert.Contains("my terms", shown, StringComparison.Ordinal);
        Assert.Contains(isScript ? "CLIP, OpenAI's keys, TorchScript archive" : "CLIP, OpenAI's keys, PyTorch file", shown, StringComparison.Ordinal);
        Assert.Contains("its digest is of no published file that this build knows", shown, StringComparison.Ordinal);
        Assert.Contains("verified", await Succeed("pack", "verify", "own", "--store", "store"), StringComparison.Ordinal);
        Assert.Contains("verified", await Succeed("pack", "verify", "pack"), StringComparison.Ordinal);

        Flip(Place("pack/generator.safetensors"));
        ProgramResult damaged = await _program.Run("pack", "verify", "pack");
        Assert.Equal(2, damaged.ExitCode);
        Assert.Contains("generator.safetensors has the digest", damaged.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mapper_tiny_coach.pt")]
    [InlineData("mapper_tiny_coach_legacy.pt")]
    public async Task A_mapper_that_went_out_comes_in_again_with_the_same_bytes(string checkpoint)
    {
        await ImportPack();
        string published = await Succeed("mapper", "import", GoldenFile.At(checkpoint), "--pack", "own", "--prompt", "a mohawk", "--faces", "2", "--store", "store");
        string slug = published.Split(' ')[0];
        await Succeed("mapper", "export", slug, "--format", "styleclip-pt", "--as-is", "--out", "out.pt", "--store", "store");
        await Succeed("mapper", "export", slug, "--format", "safetensors", "--out", "first.safetensors", "--store", "store");

        Assert.StartsWith($"{slug}  version", await Succeed("mapper", "import", "out.pt", "--pack", "own", "--prompt", "a mohawk", "--faces", "2", "--store", "store"), StringComparison.Ordinal);
        await Succeed("mapper", "export", slug, "--format", "safetensors", "--out", "second.safetensors", "--store", "store");
        Assert.Equal(await File.ReadAllBytesAsync(Place("first.safetensors"), Stop), await File.ReadAllBytesAsync(Place("second.safetensors"), Stop));

        using StateDict decoder = DecoderOf(Place("out.pt")), generator = SafetensorsReader.Read(Place("pack/generator.safetensors"));
        Assert.Equal(generator.Keys, decoder.Keys);
    }

    [Fact]
    public async Task PyTorch_loads_a_mapper_that_went_out_with_its_decoder()
    {
        Assert.SkipUnless(File.Exists(Python) && (await RunPython("import torch")).ExitCode == 0, "Debian's python3-torch is not installed.");
        await ImportPack();
        string published = await Succeed("mapper", "import", GoldenFile.At("mapper_tiny_coach.pt"), "--pack", "own", "--prompt", "a mohawk", "--faces", "1", "--store", "store");
        await Succeed("mapper", "export", published.Split(' ')[0], "--as-is", "--out", "out.pt", "--store", "store");
        using StateDict decoder = DecoderOf(Place("out.pt"));
        BufferedCommandResult loaded = await RunPython($"""
            import torch
            c = torch.load('{Place("out.pt")}', map_location='cpu')
            o = torch.load('{GoldenFile.At("mapper_tiny_coach.pt")}', map_location='cpu')
            mapper = lambda d: sorted((k, tuple(v.shape)) for k, v in d['state_dict'].items() if k.startswith('mapper.'))
            print(sorted(c), mapper(c) == mapper(o), len([k for k in c['state_dict'] if k.startswith('decoder.')]), c['opts']['description'])
            print(all(torch.equal(v, o['state_dict'][k]) for k, v in c['state_dict'].items() if k.startswith('mapper.')))
            """);
        Assert.True(loaded.ExitCode == 0, loaded.StandardError);
        Assert.Equal($"['opts', 'state_dict'] True {decoder.Count} a mohawk\nTrue\n", loaded.StandardOutput);
    }

    [Fact]
    public async Task Codes_of_every_space_become_files_that_say_what_they_are()
    {
        using Tensor w = ones(3, 512);
        NumpyFileWriter.Write(Place("w.npy"), w);
        await Succeed("latents", "import", "w.npy", "--space", "W", "--out", "w.safetensors");
        Assert.Contains("3 codes in W, [3, 512]", await Succeed("latents", "inspect", "w.safetensors"), StringComparison.Ordinal);
        await Succeed("latents", "import", GoldenFile.At("upstream/w_plus.npy"), "--out", "plus.safetensors");
        Assert.Contains("2 codes in W+, [2, 6, 16]", await Succeed("latents", "inspect", "plus.safetensors"), StringComparison.Ordinal);
        await Succeed("latents", "import", GoldenFile.At("upstream/s_codes.pkl"), "--out", "s.safetensors");
        Assert.Contains("codes in style space", await Succeed("latents", "inspect", "s.safetensors"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pack_without_an_identity_network_trains_and_the_card_says_so()
    {
        await ImportPack();
        _program.Write("sweep.yaml", """
            name: own
            pack: own
            recipe:
              name: short
              steps: 4
              mapper: { coarseEnd: 1, mediumEnd: 2 }
              loss: { identity: 0.5 }
              batch: { size: 2 }
              validation: { everySteps: 2 }
              checkpointEverySteps: 2
              stripFaces: 2
            bank: { count: 4, validation: 2, shardSize: 4 }
            seed: 3
            prompts: [a red square]
            """);
        string output = await Succeed("run", "sweep.yaml", "--store", "store", "--output", "json", "--devices", "1");
        using var document = JsonDocument.Parse(output);
        JsonElement job = document.RootElement.GetProperty("jobs")[0];
        string card = await File.ReadAllTextAsync(Directory.GetFiles(Place("store/results"), "card.json", SearchOption.AllDirectories).Single(), Stop);
        Assert.False(job.TryGetProperty("identitySimilarity", out JsonElement similarity) && similarity.ValueKind == JsonValueKind.Number, output);
        JsonElement metrics = JsonDocument.Parse(card).RootElement.GetProperty("metrics");
        Assert.Contains("no identity network", JsonDocument.Parse(card).RootElement.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        Assert.False(metrics.TryGetProperty("identitySimilarity", out similarity) && similarity.ValueKind == JsonValueKind.Number, card);
        Assert.Contains("no identity network", await Succeed("pack", "list", "--store", "store"), StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<BufferedCommandResult> RunPython(string script) =>
        await CliWrap.Cli.Wrap(Python).WithArguments(["-c", script]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(Stop);

    private static StateDict DecoderOf(string checkpoint)
    {
        using TorchFile file = TorchFileReader.Read(checkpoint);
        using StateDict all = file.StateDict("state_dict");
        return all.Select("decoder");
    }

    private static void Flip(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = file.Length / 2;
        int octet = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(octet ^ 1));
    }

    private Task<string> ImportPack() => Succeed(
        "pack", "import", "--generator", GoldenFile.At("stylegan2_tiny_rosinality.pt"), "--clip", PublishedFormats.Clip(Place("clip.pt")), "--name", "own", "--out", "pack", "--store", "store");

    private async Task<string> Succeed(params string[] arguments)
    {
        ProgramResult result = await _program.Run(arguments);
        Assert.True(result.ExitCode == 0, $"styleclip {string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output;
    }

    private string Place(string name) => Path.Combine(_program.Folder, name);
}
