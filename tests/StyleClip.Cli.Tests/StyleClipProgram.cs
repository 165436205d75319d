using System.Reflection;
using System.Text;
using CliWrap;
using CliWrap.EventStream;

namespace StyleClip.Cli.Tests;

/// <summary>The built program, run as a process of its own in a folder of its own.</summary>
internal sealed class StyleClipProgram : IDisposable
{
    /// <summary>Longest time that one process may take; far more than any test needs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static readonly string Executable = typeof(StyleClipProgram).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Program").Value!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("styleclip-cli-").FullName;

    /// <summary>Environment of the processes, beside the test's own.</summary>
    public Dictionary<string, string?> Variables { get; } = [];

    public string Store(string name = "store") => Path.Combine(Folder, name);

    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs to the end.</summary>
    public async Task<ProgramResult> Run(params string[] arguments)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        using var limit = LimitedToken();
        CommandResult result = await Command(arguments)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors))
            .ExecuteAsync(limit.Token);
        return new ProgramResult(result.ExitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Runs until a line of output or errors satisfies <paramref name="moment"/>, then calls <paramref name="act"/> with the process's id.</summary>
    public async Task<ProgramResult> RunUntil(Func<string, bool> moment, Action<int> act, params string[] arguments)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        using var limit = LimitedToken();
        int process = 0, exitCode = -1;
        bool acted = false;
        await foreach (CommandEvent happened in Command(arguments).ListenAsync(limit.Token))
        {
            switch (happened)
            {
                case StartedCommandEvent started:
                    process = started.ProcessId;
                    break;
                case StandardOutputCommandEvent line:
                    output.AppendLine(line.Text);
                    ActAt(line.Text);
                    break;
                case StandardErrorCommandEvent line:
                    errors.AppendLine(line.Text);
                    ActAt(line.Text);
                    break;
                case ExitedCommandEvent exited:
                    exitCode = exited.ExitCode;
                    break;
            }
        }

        Assert.True(acted, $"The moment never came. Output:\n{output}\nErrors:\n{errors}");
        return new ProgramResult(exitCode, output.ToString(), errors.ToString());

        void ActAt(string line)
        {
            if (acted || !moment(line)) return;
            acted = true;
            act(process);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Starts a process that serves until it is told to stop, and waits for the line that says that it does.</summary>
    public Task<ServerProcess> Serve(string readyLine, params string[] arguments) => ServerProcess.Start(Folder, readyLine, arguments);

    private static CancellationTokenSource LimitedToken()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        return limit;
    }

    private Command Command(string[] arguments) => CliWrap.Cli.Wrap(Executable)
        .WithArguments(arguments)
        .WithEnvironmentVariables(Variables)
        .WithWorkingDirectory(Folder)
        .WithValidation(CommandResultValidation.None);
}
