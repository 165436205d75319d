using System.Text.Json;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Cli.Tests.Running;

namespace StyleClip.Cli.Tests.Commands;

/// <summary>What the demo pack's generator can draw, found out by the program: before a sweep, and at the end of each mapper's training.</summary>
public sealed class PackDomainCommandTests : IDisposable
{
    private const string Drawn = "a face with glasses";
    private const string Undrawn = "a mohawk and curly hair"; // a head has one style
    private static readonly string[] Quick = ["--pictures", "128", "--latents", "2", "--steps", "8"];

    private readonly StyleClipProgram _program = new();

    [Fact]
    public async Task A_sweep_says_of_each_prompt_whether_the_generator_draws_it()
    {
        string reference = _program.Write("reference.txt", "# drawn\nred hair\npurple hair\na mohawk\ncurly hair\nsmiling\nangry\nglasses\na beard\na clown\nlong hair\n");
        ProgramResult calibrated = await _program.Run(["pack", "calibrate", "--pack", "demo", "--prompts", reference, "--store", _program.Store(), .. Quick]);
        Assert.True(calibrated.ExitCode == 0, calibrated.Errors);
        Assert.StartsWith("10 prompts come to ", calibrated.Output, StringComparison.Ordinal);

        string yaml = ShortSweep.Yaml(steps: 8, prompts: [Drawn, Undrawn]).Replace("  stripFaces: 2", "  stripFaces: 2\n  domain: { pictures: 128, latents: 2, steps: 8 }", StringComparison.Ordinal);
        string spec = _program.Write("sweep.yaml", yaml);
        ProgramResult run = await _program.Run("run", spec, "--store", _program.Store(), "--output", "json");
        Assert.True(run.ExitCode == 0, run.Errors); // it is said, not judged: the gate is another matter
        JsonElement[] jobs = [.. run.Document.GetProperty("jobs").EnumerateArray()];

        Assert.Equal(["inside", "outside"], jobs.Select(job => job.GetProperty("domain").GetProperty("verdict").GetString()));
        MapperCard[] cards = [.. jobs.Select(job => ContractJson.FromBytes<MapperCard>(File.ReadAllBytes(job.GetProperty("card").GetString()!), "card"))];
        Assert.Equal([DomainVerdict.Inside, DomainVerdict.Outside], cards.Select(card => card.Domain!.Verdict));
        Assert.Equal((null, cards[1].Domain!.Sentence), (cards[0].Notes, cards[1].Notes!.Single()));
        Assert.All(cards, card => Assert.True(double.IsFinite(card.Domain!.MapperGain!.Value)));

        Assert.Contains($"domain outside. {cards[1].Domain!.Sentence}", (await _program.Run("run", spec, "--store", _program.Store())).Output, StringComparison.Ordinal);

        // Asked beforehand, by the same calibration, the answer is the same but for the mapper.
        ProgramResult probed = await _program.Run("pack", "probe", "--pack", "demo", "--prompt", Undrawn, "--store", _program.Store(), "--output", "json", "--threads", "1");
        JsonElement domain = probed.Document.GetProperty("prompts")[0].GetProperty("domain");
        Assert.Equal((cards[1].Domain!.DrawnSimilarity, cards[1].Domain!.ReachedSimilarity), (domain.GetProperty("drawnSimilarity").GetDouble(), domain.GetProperty("reachedSimilarity").GetDouble()));
        Assert.False(domain.TryGetProperty("mapperSimilarity", out _));
    }

    [Fact]
    public async Task A_pack_without_a_calibration_gives_numbers_and_says_so()
    {
        string folder = Path.Combine(_program.Folder, "bare");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(StyleClipProgram.Executable)!, "packs", "demo")).Where(file => !file.EndsWith(PackCalibration.FileName, StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

        ProgramResult probed = await _program.Run(["pack", "probe", "--pack", folder, "--prompt", Drawn, "--store", _program.Store(), .. Quick]);

        Assert.True(probed.ExitCode == 0, probed.Errors);
        Assert.StartsWith($"{Drawn}: uncalibrated", probed.Output, StringComparison.Ordinal);
        Assert.Contains("The pack is not calibrated", probed.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_program.Store())); // a question makes no store
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_before_anything_long_begins()
    {
        ProgramResult unknown = await _program.Run("pack", "probe", "--pack", "demo", "--prompt", "a zebra");
        ProgramResult nothing = await _program.Run("pack", "probe", "--pack", "demo");
        ProgramResult faces = await _program.Run("pack", "calibrate", "--pack", "demo"); // the default prompts have words that this CLIP does not know
        ProgramResult few = await _program.Run("pack", "calibrate", "--pack", "demo", "--prompts", _program.Write("few.txt", "glasses\n\nglasses\n"));

        Assert.Equal([2, 2, 2, 2], new[] { unknown, nothing, faces, few }.Select(result => result.ExitCode));
        Assert.Contains("zebra", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("give --prompt or --prompts", nothing.Errors, StringComparison.Ordinal);
        Assert.Contains("uses words this model was not trained on", faces.Errors, StringComparison.Ordinal);
        Assert.Contains("There are 1 prompts; a calibration needs at least 10", few.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();
}
