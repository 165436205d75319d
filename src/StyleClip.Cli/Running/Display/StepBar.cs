using System.Globalization;

namespace StyleClip.Cli.Running.Display;

/// <summary>The progress of one long computation on standard error: a bar that moves on a terminal, a line per tenth elsewhere.</summary>
internal sealed class StepBar(string what, int steps)
{
    private const int Width = 24;

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private int _shown = -1;

    /// <summary>Shows that <paramref name="done"/> steps are done.</summary>
    public void Show(int done, string numbers)
    {
        int part = _isTerminal ? done : done * 10 / steps;
        if (part == _shown) return;
        _shown = part;
        int filled = Width * done / steps;
        string text = string.Create(CultureInfo.InvariantCulture, $"{what}: step {done}/{steps}, {numbers}");
        if (!_isTerminal) Console.Error.WriteLine(text);
        else Console.Error.Write($"\r{new string('━', filled)}{new string('─', Width - filled)} {text}\u001b[K{(done == steps ? "\n" : "")}");
    }
}
