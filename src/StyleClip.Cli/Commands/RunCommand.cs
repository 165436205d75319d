using System.CommandLine;
using StyleClip.Cli.Running;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip run SWEEP.yaml</c>: trains a sweep in this process, from its spec to published mappers.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var sweep = new Argument<FileInfo>("sweep") { Description = "The sweep spec, YAML." };
        var options = new RunOptions();
        var command = new Command("run", "Train a sweep in this process.") { sweep };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new RunSession(options.Read(parsed, parsed.GetRequiredValue(sweep))).Run(cancellationToken));
        return command;
    }
}
