using Spectre.Console;

namespace StyleClip.Cli.Running.Display;

/// <summary>Picks the display: a table that refreshes in place on a terminal, plain lines elsewhere.</summary>
internal static class RunDisplays
{
    public static IRunDisplay For(OutputForm output)
    {
        IAnsiConsole standardError = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (output == OutputForm.Json) return new JsonDisplay(new LineDisplay(Console.Error, Console.Error), Console.Out);
        return AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? new LiveDisplay(AnsiConsole.Console, standardError)
            : new LineDisplay(Console.Out, Console.Error);
    }
}
