using System.Text.Json;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Json;

namespace StyleClip.Cli.Tests.Comparing;

public sealed class CompareCommandTests : IDisposable
{
    private readonly StyleClipProgram _program = new();

    private string Report => Path.Combine(_program.Folder, "report", "report.html");

    [Fact]
    public async Task Every_method_is_measured_for_every_prompt_and_a_browser_shows_the_report()
    {
        string spec = _program.Write("comparison.yaml", ShortComparison.Yaml());
        ProgramResult result = await Compare(spec);

        Assert.True(result.ExitCode == 0, result.Errors);
        ComparisonReport report = ReadReport();
        Assert.Equal(result.Output, File.ReadAllText(Path.ChangeExtension(Report, ".json")));
        Assert.Equal([ShortComparison.Complex, ShortComparison.Simple], report.Prompts.Select(prompt => prompt.Prompt));
        foreach (ComparisonCell cell in report.Prompts.SelectMany(prompt => prompt.Cells))
        {
            Assert.Equal(ShortComparison.Latents, cell.Latents.Count);
            Assert.Equal(cell.Latents.Average(numbers => numbers.ClipGain), cell.Mean!.ClipGain, 1e-9);
            Assert.True(cell.Mean is { StyleDistance: > 0, PixelDistance: > 0, IdentitySimilarity: > 0 and < 1 }, $"{cell.Method} changed nothing");
            Assert.True(cell.ImageSeconds!.Value > 0);
            Assert.NotNull(cell.Mean!.EditedHasAttribute); // the demo pack has a network that judges
        }

        ComparisonCell direction = report.Prompts[0].Cells.Single(cell => cell.Method == ComparisonMethod.Direction);
        Assert.Equal(1, direction.StepSimilarity!.StyleSpace!.Value, 1e-4);
        Assert.Equal(
            [ComparisonMethod.Mapper, ComparisonMethod.Direction],
            report.Methods.Where(method => method.PreparationSeconds is { Value: > 0 }).Select(method => method.Method));

        using var browser = new Chromium();
        ShownReport shown = await ShownReport.Open(browser, Report);
        Assert.All(shown.Images, image => Assert.Equal(report.ImageSize, image.Width));
        Assert.Equal(2 * ShortComparison.Latents * 6, shown.Images.Select(image => image.Alt).Count(alt => alt.Length > 0));
        Assert.All(shown.Heads, head => Assert.Equal(["latent", "source", "mapper", "global direction", "optimisation", "optimisation in S", "TediGAN"], head));
        Assert.Equal(2, shown.Heads.Count);
        Assert.Contains($"“{ShortComparison.Simple}” (simple)", shown.Titles);
        Assert.Contains(report.Pack.Licence, shown.Text, StringComparison.Ordinal);

        await browser.Print(Report, Path.Combine(_program.Folder, "report.pdf"));
        Assert.Equal("%PDF-"u8.ToArray(), File.ReadAllBytes(Path.Combine(_program.Folder, "report.pdf"))[..5]);
        Assert.Empty(browser.Requests);
        Assert.Equal("", browser.Console);
    }

    [Fact]
    public async Task A_finished_comparison_starts_no_job_and_writes_the_same_numbers_again()
    {
        string spec = _program.Write("comparison.yaml", ShortComparison.Yaml(methods: "[mapper]"));
        await Compare(spec);
        ComparisonReport first = ReadReport();
        Directory.Delete(Path.GetDirectoryName(Report)!, recursive: true);
        ProgramResult again = await Compare(spec);

        Assert.Contains("nothing is left to do", again.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("running", again.Errors, StringComparison.Ordinal);
        Assert.Equal(Numbers(first), Numbers(ReadReport()));
    }

    [Fact]
    public async Task Another_setting_of_one_method_leaves_what_the_others_have_made()
    {
        string yaml = ShortComparison.Yaml(methods: "[mapper, direction]");
        await Compare(_program.Write("comparison.yaml", yaml));
        ComparisonReport first = ReadReport();
        ProgramResult result = await Compare(_program.Write("comparison.yaml", yaml.Replace("beta: 0.05", "alpha: 3, beta: 0.05", StringComparison.Ordinal)));

        Assert.Equal(0, result.ExitCode);
        ComparisonReport second = ReadReport();
        Assert.Equal((first.Methods[0].Sweep, false), (second.Methods[0].Sweep, first.Methods[1].Sweep == second.Methods[1].Sweep));
        Assert.DoesNotContain(result.Errors.Split('\n'), line => line.Contains("running", StringComparison.Ordinal) && !line.Contains("direction", StringComparison.Ordinal));
        Assert.Equal(first.Prompts[0].Cells[0].Mean, second.Prompts[0].Cells[0].Mean);
        Assert.True(second.Prompts[0].Cells[1].Mean!.StyleDistance > first.Prompts[0].Cells[1].Mean!.StyleDistance);
    }

    [Fact]
    public async Task Ctrl_C_pauses_and_the_same_command_goes_on_to_the_same_numbers()
    {
        string spec = _program.Write("comparison.yaml", ShortComparison.Yaml(methods: "[optimization, mapper]"));
        await Compare(spec);
        ComparisonReport undisturbed = ReadReport();

        ProgramResult paused = await _program.RunUntil(
            line => line.Contains("running, step 4/", StringComparison.Ordinal), Signals.CtrlC, "compare", spec, "--store", _program.Store("two"), "--out", "other");
        Assert.Equal(130, paused.ExitCode);
        Assert.Contains("The same command goes on", paused.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_program.Folder, "other")));

        ProgramResult resumed = await Compare(spec, "two");
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal(Numbers(undisturbed), Numbers(ReadReport()));
    }

    [Fact]
    public async Task A_method_that_failed_is_told_with_its_reason_beside_the_others()
    {
        string spec = _program.Write("comparison.yaml", ShortComparison.Yaml(methods: "[mapper, direction]").Replace("beta: 0.05", "beta: 1", StringComparison.Ordinal));
        ProgramResult result = await Compare(spec);

        Assert.Equal(1, result.ExitCode);
        ComparisonReport report = ReadReport();
        ComparisonCell[] directions = [.. report.Prompts.Select(prompt => prompt.Cells[1])];
        Assert.All(directions, cell => Assert.Equal((null, 0), (cell.Mean, cell.Latents.Count)));
        Assert.All(directions, cell => Assert.Contains("no channel reaches beta 1", cell.Reason, StringComparison.OrdinalIgnoreCase));
        Assert.All(report.Prompts, prompt => Assert.NotNull(prompt.Cells[0].Mean));
        Assert.Equal([2, 0], report.Methods.Select(method => method.Prompts));
        Assert.Contains("no channel reaches beta 1", File.ReadAllText(Report), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_a_pack_says_of_itself_is_text_and_never_markup()
    {
        string pack = Path.Combine(_program.Folder, "hostile");
        Directory.CreateDirectory(pack);
        string shipped = Path.Combine(Path.GetDirectoryName(StyleClipProgram.Executable)!, "packs", "demo");
        foreach (string file in Directory.GetFiles(shipped)) File.Copy(file, Path.Combine(pack, Path.GetFileName(file)));
        const string Licence = "<img src=http://127.0.0.1:1/x onerror=alert(1)> & \"more\"";
        string manifest = Path.Combine(pack, "pack.json");
        var fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(manifest))!;
        fields["licence"] = JsonSerializer.SerializeToElement(Licence);
        File.WriteAllText(manifest, JsonSerializer.Serialize(fields));

        ProgramResult result = await Compare(_program.Write("comparison.yaml", ShortComparison.Yaml(methods: "[mapper]", pack: "hostile")));

        Assert.True(result.ExitCode == 0, result.Errors);
        using var browser = new Chromium();
        ShownReport shown = await ShownReport.Open(browser, Report);
        Assert.Contains(Licence, shown.Text, StringComparison.Ordinal);
        Assert.Equal(2 * ShortComparison.Latents * 2, shown.Images.Count);
        Assert.Empty(browser.Requests);
        Assert.Equal("", browser.Console);
    }

    [Fact]
    public async Task Every_mistake_of_a_spec_is_reported_at_once_and_nothing_is_written()
    {
        string spec = _program.Write("comparison.yaml", ShortComparison.Yaml(methods: "[direction, painter]")
            .Replace("a clown", "a zebra", StringComparison.Ordinal)
            .Replace("lastLayer: 1,", "lastLayer: 99,", StringComparison.Ordinal));
        ProgramResult result = await Compare(spec);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("painter", result.Errors, StringComparison.Ordinal);
        Assert.Contains("zebra", result.Errors, StringComparison.Ordinal);
        Assert.Contains("lastLayer is 99; it must be a style layer of the pack's generator, 0 to ", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Report));
        Assert.False(Directory.Exists(Path.Combine(_program.Store(), "documents", "grains")));
    }

    public void Dispose() => _program.Dispose();

    private static string Numbers(ComparisonReport report) =>
        JsonSerializer.Serialize(report.Prompts.SelectMany(prompt => prompt.Cells.Select(cell => (cell.Result!.Digest, cell.Latents, cell.StepSimilarity))).Select(cell => new { Result = cell.Digest.Hex, cell.Latents, cell.StepSimilarity }), ContractJson.Options);

    private ComparisonReport ReadReport() => ContractJson.FromBytes<ComparisonReport>(File.ReadAllBytes(Path.ChangeExtension(Report, ".json")), "the report");

    private Task<ProgramResult> Compare(string spec, string store = "store") =>
        _program.Run("compare", spec, "--store", _program.Store(store), "--out", "report", "--output", "json");
}
