using System.Diagnostics;

namespace StyleClip.Operations.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class OwnProcess
{
    public static async Task<(int ExitCode, string Output)> Run(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            string written = await output;
            return (process.ExitCode, process.ExitCode == 0 ? written : $"{written}\n{await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public static Task<(int ExitCode, string Output)> Promtool(string[] arguments, string? input, CancellationToken cancellationToken) =>
        Run("/usr/bin/promtool", arguments, cancellationToken, input: input);
}
