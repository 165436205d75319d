namespace StyleClip.Contracts.Validation;

/// <summary>A file that a user wrote is not valid. It names every mistake, not only the first.</summary>
public sealed class SpecException : Exception
{
    private const int MistakesInMessage = 50;

    /// <summary>Refuses a file for these mistakes.</summary>
    public SpecException(IReadOnlyList<SpecMistake> mistakes)
        : base(Describe(mistakes)) => Mistakes = mistakes;

    /// <summary>Everything that is wrong, file by file, from the top; at least one.</summary>
    public IReadOnlyList<SpecMistake> Mistakes { get; }

    private static string Describe(IReadOnlyList<SpecMistake> mistakes)
    {
        string lines = string.Join('\n', mistakes.Take(MistakesInMessage));
        return mistakes.Count <= MistakesInMessage ? lines : $"{lines}\n... and {mistakes.Count - MistakesInMessage} more mistakes";
    }
}
