using System.Security.Cryptography;
using System.Text.Json;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;

namespace StyleClip.Cli.Tests.Running;

public sealed class RunCommandTests : IDisposable
{
    private readonly StyleClipProgram _program = new();

    [Fact]
    public async Task A_sweep_is_trained_to_mappers_cards_and_strips()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        ProgramResult result = await _program.Run("run", spec, "--store", _program.Store(), "--output", "json");

        Assert.True(result.ExitCode == 0, result.Errors);
        foreach (JsonElement job in result.Document.GetProperty("jobs").EnumerateArray())
        {
            Assert.Equal("succeeded", job.GetProperty("phase").GetString());
            Assert.Equal(ShortSweep.Steps, job.GetProperty("steps").GetInt32());
            Assert.True(double.IsFinite(job.GetProperty("clipGain").GetDouble()));
            Assert.InRange(job.GetProperty("identitySimilarity").GetDouble(), -1, 1);
            Assert.True(job.GetProperty("seconds").GetDouble() > 0);

            JsonElement mapper = job.GetProperty("mapper");
            byte[] bytes = File.ReadAllBytes(mapper.GetProperty("path").GetString()!);
            Assert.Equal(bytes.Length, mapper.GetProperty("bytes").GetInt64());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), mapper.GetProperty("sha256").GetString());
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(job.GetProperty("strip").GetString()!)[..4]);

            var card = ContractJson.FromBytes<MapperCard>(File.ReadAllBytes(job.GetProperty("card").GetString()!), "card");
            Assert.Equal((job.GetProperty("prompt").GetString(), Digest.Of(bytes)), (card.Prompt, card.Mapper.Digest));
        }
    }

    [Theory]
    [InlineData("run", "sweep.yaml")]
    [InlineData("node", "--name=n1")]
    public async Task A_gpu_that_is_not_there_is_missed_in_one_line(string command, string argument)
    {
        _program.Write("sweep.yaml", ShortSweep.Yaml());
        ProgramResult result = await _program.Run(command, argument, "--store", _program.Store(), "--device", "cuda"); // tests are built for the CPU

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("No GPU:", result.Errors.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapper_file_holds_the_mapper_alone_under_upstream_keys()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml(steps: 2, prompts: ["a face with red hair"]));
        ProgramResult result = await _program.Run("run", spec, "--store", _program.Store(), "--output", "json");

        byte[] file = File.ReadAllBytes(result.Document.GetProperty("jobs")[0].GetProperty("mapper").GetProperty("path").GetString()!);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, checked((int)BitConverter.ToUInt64(file))));
        string[] expected = [.. from level in new[] { "course", "fine", "medium" } from layer in Enumerable.Range(1, 4) from part in new[] { "bias", "weight" } select $"{level}_mapping.mapping.{layer}.{part}"];
        Assert.Equal(expected, header.RootElement.EnumerateObject().Select(entry => entry.Name).Where(name => name != "__metadata__").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_stores_give_the_same_bytes()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        ProgramResult first = await _program.Run("run", spec, "--store", _program.Store("one"), "--output", "json");
        ProgramResult second = await _program.Run("run", spec, "--store", _program.Store("two"), "--output", "json", "--devices", "1");

        Assert.Equal(first.Mappers, second.Mappers);
    }

    [Theory]
    [InlineData("preparing")]
    [InlineData("first validation")]
    [InlineData("first mapper")]
    public async Task A_killed_run_goes_on_to_the_same_bytes(string when)
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        Func<string, bool> moment = when switch
        {
            "preparing" => line => line.Contains("running", StringComparison.Ordinal),
            "first validation" => ShortSweep.HasValidated,
            _ => line => line.Contains("succeeded", StringComparison.Ordinal),
        };
        ProgramResult undisturbed = await _program.Run("run", spec, "--store", _program.Store("one"), "--output", "json");
        await _program.RunUntil(moment, Signals.Kill, "run", spec, "--store", _program.Store("two"));
        ProgramResult resumed = await _program.Run("run", spec, "--store", _program.Store("two"), "--output", "json");

        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal(undisturbed.Mappers, resumed.Mappers);
    }

    [Fact]
    public async Task Ctrl_C_pauses_and_the_same_command_goes_on_to_the_same_bytes()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        ProgramResult undisturbed = await _program.Run("run", spec, "--store", _program.Store("one"), "--output", "json");

        ProgramResult paused = await _program.RunUntil(ShortSweep.HasValidated, Signals.CtrlC, "run", spec, "--store", _program.Store("two"));
        Assert.Equal(130, paused.ExitCode);
        Assert.Contains("The same command goes on", paused.Output, StringComparison.Ordinal);

        ProgramResult resumed = await _program.Run("run", spec, "--store", _program.Store("two"), "--output", "json");
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal(undisturbed.Mappers, resumed.Mappers);
    }

    [Fact]
    public async Task Running_a_finished_sweep_again_does_nothing_and_says_so()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml(steps: 2, prompts: ["a smiling face"]));
        ProgramResult first = await _program.Run("run", spec, "--store", _program.Store(), "--output", "json");
        ProgramResult again = await _program.Run("run", spec, "--store", _program.Store(), "--output", "json");

        Assert.Equal(0, again.ExitCode);
        Assert.Contains("nothing is left to do", again.Errors, StringComparison.Ordinal);
        Assert.Equal(first.Output, again.Output);
    }

    [Fact]
    public async Task A_mapper_below_the_gate_is_kept_and_can_be_applied_but_is_not_published()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml(steps: 2, gate: "{ clipGain: 1.5, identitySimilarity: 0.99999 }", prompts: ["a smiling face"]));
        ProgramResult result = await _program.Run("run", spec, "--store", _program.Store(), "--output", "json");

        Assert.Equal(1, result.ExitCode);
        JsonElement job = result.Document.GetProperty("jobs")[0];
        Assert.Equal("rejected", job.GetProperty("phase").GetString());
        double gain = job.GetProperty("clipGain").GetDouble(), identity = job.GetProperty("identitySimilarity").GetDouble();
        Assert.Equal(
            FormattableString.Invariant($"The gate does not hold: CLIP gain {gain:0.####} is below 1.5; identity similarity {identity:0.####} is below 1."),
            job.GetProperty("reason").GetString());
        Assert.False(Directory.Exists(Path.Combine(_program.Store(), "documents", "catalogue")));

        string mapper = job.GetProperty("mapper").GetProperty("path").GetString()!;
        var card = ContractJson.FromBytes<MapperCard>(File.ReadAllBytes(job.GetProperty("card").GetString()!), "card");
        Assert.Equal((false, 1.5, gain), (card.PassesGate, card.Gate.ClipGain, card.Metrics.ClipGain));
        Assert.Equal(Digest.Of(File.ReadAllBytes(mapper)), card.Mapper.Digest);
        ProgramResult applied = await _program.Run("mapper", "apply", mapper, "--pack", "demo", "--count", "1", "--store", _program.Store(), "--out", "edit.png");
        Assert.True(applied.ExitCode == 0, applied.Errors);
        Assert.True(File.Exists(Path.Combine(_program.Folder, "edit.png")));
    }

    [Fact]
    public async Task Every_mistake_of_a_spec_is_reported_at_once_and_nothing_is_written()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml(steps: -3, prompts: ["a face with red hair", "a zebra on a bicycle"]));
        ProgramResult result = await _program.Run("run", spec, "--store", _program.Store());

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("-3", result.Errors, StringComparison.Ordinal);
        Assert.Contains("zebra", result.Errors, StringComparison.Ordinal);
        Assert.Contains("glasses", result.Errors, StringComparison.Ordinal); // the vocabulary is named
        Assert.False(Directory.Exists(Path.Combine(_program.Store(), "documents", "grains")));
    }

    [Fact]
    public async Task A_store_in_use_is_refused()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        ProgramResult? second = null;
        await _program.RunUntil(
            line => line.Contains("running", StringComparison.Ordinal),
            process =>
            {
                second = _program.Run("run", spec, "--store", _program.Store()).GetAwaiter().GetResult();
                Signals.Kill(process);
            },
            "run", spec, "--store", _program.Store());

        Assert.Equal(2, second!.ExitCode);
        Assert.Contains("in use", second.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_folder_that_nodes_share_is_refused()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        ProgramResult? run = null;
        await _program.RunUntil(
            line => line.Contains("is ready", StringComparison.Ordinal),
            process =>
            {
                run = _program.Run("run", spec, "--store", _program.Store()).GetAwaiter().GetResult();
                Signals.Kill(process);
            },
            "node", "--name", "n1", "--store", _program.Store(), "--device", "cpu", "--devices", "1");

        Assert.Equal(2, run!.ExitCode);
        Assert.Contains("in use by the nodes of a cluster", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Losses_steps_and_states_can_be_scraped_while_a_sweep_trains()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        using var http = new HttpClient();
        Uri? address = null;
        string? metrics = null;
        await _program.RunUntil(
            line =>
            {
                if (line.StartsWith("Metrics at ", StringComparison.Ordinal)) address = new Uri(line["Metrics at ".Length..]);
                return ShortSweep.HasValidated(line);
            },
            process =>
            {
                metrics = http.GetStringAsync(address!).GetAwaiter().GetResult();
                Signals.Kill(process);
            },
            "run", spec, "--store", _program.Store(), "--metrics-port", "0");

        foreach (string name in new[]
                 {
                     "styleclip_job_loss{", "styleclip_job_objective{", "styleclip_job_step{", "styleclip_job_steps_target{", "styleclip_job_state{",
                     "styleclip_job_info{", "styleclip_sweep_jobs{", "styleclip_steps_total{", "styleclip_job_gradient_norm{",
                     "styleclip_job_clip_similarity_gain{", "styleclip_job_identity_similarity{", "styleclip_step_duration_seconds_bucket{",
                 })
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        Assert.Contains("term=\"clip\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("red hair", metrics, StringComparison.Ordinal); // prompts are no labels
    }

    public void Dispose() => _program.Dispose();
}
