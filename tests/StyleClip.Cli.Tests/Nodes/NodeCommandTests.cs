using StyleClip.Cli.Tests.Running;

namespace StyleClip.Cli.Tests.Nodes;

public sealed class NodeCommandTests : IDisposable
{
    private readonly StyleClipProgram _program = new();

    [Fact]
    public async Task A_node_says_what_it_brings_and_leaves_when_it_is_told_to()
    {
        ProgramResult result = await _program.RunUntil(IsReady, Signals.CtrlC, Node("a", devices: 2));

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("Node a is ready: 2 x cpu-", result.Output, StringComparison.Ordinal);
        Assert.Contains("Node a has left the cluster.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_lives_is_refused_and_so_is_an_embedded_cluster_on_the_store()
    {
        string spec = _program.Write("sweep.yaml", ShortSweep.Yaml());
        ProgramResult? twin = null, run = null;
        await _program.RunUntil(
            IsReady,
            process =>
            {
                twin = _program.Run(Node("a")).GetAwaiter().GetResult();
                run = _program.Run("run", spec, "--store", _program.Store()).GetAwaiter().GetResult();
                Signals.Kill(process);
            },
            Node("a"));

        Assert.Equal(2, twin!.ExitCode);
        Assert.Contains("A node named 'a' is alive at 127.0.0.1:", twin.Errors, StringComparison.Ordinal);
        Assert.Equal(2, run!.ExitCode);
        Assert.Contains("in use", run.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_killed_node_can_be_started_again_at_once()
    {
        await _program.RunUntil(IsReady, Signals.Kill, Node("a"));
        ProgramResult again = await _program.RunUntil(IsReady, Signals.CtrlC, Node("a"));

        Assert.True(again.ExitCode == 0, again.Errors);
    }

    [Theory]
    [InlineData("--name", "Node_1", "a-z, 0-9 and '-'")]
    [InlineData("--cluster", "", "a-z, 0-9 and '-'")]
    [InlineData("--listen", "0.0.0.0", "can connect to")]
    [InlineData("--silo-port", "70000", "1 to 65535")]
    public async Task A_mistake_is_told_with_its_rule(string option, string value, string rule)
    {
        ProgramResult result = await _program.Run([.. Node("a")[..3], option, value]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(option, result.Errors, StringComparison.Ordinal);
        Assert.Contains(rule, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused_in_one_line()
    {
        ProgramResult result = await _program.Run([.. Node("a"), "--listen", "192.0.2.1"]); // reserved for documents

        Assert.Equal((2, 1), (result.ExitCode, result.Errors.TrimEnd().Split('\n').Length));
        Assert.Contains("cannot listen at 192.0.2.1", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:1,password=s3cret,connectTimeout=500", "it must be a Redis that answers")]
    [InlineData("127.0.0.1:1,pasword=s3cret", "it must be a Redis connection string")]
    [InlineData("", "it must be a Redis connection string")]
    public async Task A_Redis_that_cannot_be_used_is_told_at_once_in_one_line_without_its_password(string redis, string rule)
    {
        foreach (string[] command in new[] { Node("a"), ["gateway", "--store", _program.Store(), "--port", "0"] })
        {
            ProgramResult result = await _program.Run([.. command, "--redis", redis]);

            Assert.Equal((2, 1), (result.ExitCode, result.Errors.TrimEnd().Split('\n').Length));
            Assert.StartsWith("--redis is '", result.Errors, StringComparison.Ordinal);
            Assert.Contains(rule, result.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", result.Errors, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_program.Store()));
        }
    }

    public void Dispose() => _program.Dispose();

    private static bool IsReady(string line) => line.Contains(" is ready: ", StringComparison.Ordinal);

    private string[] Node(string name, int devices = 1) => ["node", "--store", _program.Store(), "--name", name, "--device", "cpu", "--devices", $"{devices}"];
}
