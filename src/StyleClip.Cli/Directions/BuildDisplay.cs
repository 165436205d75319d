using Spectre.Console;
using StyleClip.Cli.Running;

namespace StyleClip.Cli.Directions;

/// <summary>Shows a build: a bar on a terminal, else a line whenever a range is done. With JSON the lines go to standard error.</summary>
internal sealed class BuildDisplay(OutputForm output)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly TextWriter _lines = output == OutputForm.Json ? Console.Error : Console.Out;

    public void Note(string text) => _lines.WriteLine(text);

    /// <summary>Shows the progress until the work ends, however it ends.</summary>
    public Task Watch(BuildProgress progress, Task work) =>
        output == OutputForm.Text && AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected ? Bar(progress, work) : Lines(progress, work);

    private static Task Bar(BuildProgress progress, Task work) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn())
        .StartAsync(async bars =>
        {
            ProgressTask bar = bars.AddTask("table");
            while (!work.IsCompleted)
            {
                await Task.WhenAny(work, Task.Delay(Period));
                BuildView view = progress.View();
                bar.Value = view.HasStatistics ? 100 * view.Share : 0;
                bar.Description = Markup.Escape(view.ToString());
            }
        });

    private async Task Lines(BuildProgress progress, Task work)
    {
        (bool, int)? shown = null;
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Period));
            BuildView view = progress.View();
            if (shown == (view.HasStatistics, view.Ranges)) continue;
            shown = (view.HasStatistics, view.Ranges);
            await _lines.WriteLineAsync(view.ToString());
        }
    }
}
