namespace StyleClip.Contracts.Validation;

/// <summary>One thing that is wrong in a file that a user wrote.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Line, counted from 1.</param>
/// <param name="Column">Column, counted from 1.</param>
/// <param name="Path">Where in the document, such as <c>prompts[2].overrides.optimizer.learningRate</c>; empty for the document
/// itself.</param>
/// <param name="Value">What stands there, shortened; null where something is missing.</param>
/// <param name="Rule">What is wrong with it, or what it must be.</param>
public sealed record SpecMistake(string File, int Line, int Column, string Path, string? Value, string Rule)
{
    /// <summary><c>file:line:column: path is value; rule</c>.</summary>
    public override string ToString()
    {
        string what = Path.Length == 0 ? "the document" : Path;
        return Value is null ? $"{File}:{Line}:{Column}: {what} {Rule}" : $"{File}:{Line}:{Column}: {what} is {Value}; it {Rule}";
    }
}
