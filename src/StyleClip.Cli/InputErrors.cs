using StyleClip.Models.Clip;
using StyleClip.Models.Weights;

namespace StyleClip.Cli;

/// <summary>Says what is wrong with a user's input in one line, without a stack trace.</summary>
internal static class InputErrors
{
    /// <summary>Runs a command; <see cref="ExitCodes.BadInput"/> and the reason where it cannot be done as it was asked for.</summary>
    public static Task<int> Report(Func<Task> command) => Report(async () =>
    {
        await command();
        return ExitCodes.Success;
    });

    /// <summary>Runs a command that knows its exit status; <see cref="ExitCodes.BadInput"/> and the reason where it cannot be done as it was asked for.</summary>
    public static async Task<int> Report(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception exception) when (exception is WeightsException or TextTooLongException or UnknownWordException or IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.BadInput;
        }
    }
}
