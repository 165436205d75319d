using System.CommandLine;
using StyleClip.Cli.Comparing;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip compare COMPARISON.yaml</c>: methods times prompts times held-out latents, with a report.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var comparison = new Argument<FileInfo>("comparison") { Description = "The comparison spec, YAML." };
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for report.html and report.json.",
            DefaultValueFactory = _ => new DirectoryInfo("report"),
        };
        var run = new RunOptions();
        var command = new Command("compare", "Edit the same latents by several methods, measure all alike, and write a report.") { comparison, folder };
        run.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new CompareSession(new CompareRequest(
            run.Read(parsed, parsed.GetRequiredValue(comparison)),
            parsed.GetRequiredValue(folder).FullName)).Run(cancellationToken));
        return command;
    }
}
