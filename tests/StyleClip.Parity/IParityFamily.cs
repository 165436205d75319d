namespace StyleClip.Parity;

/// <summary>One kind of reference file and the product code that it checks.</summary>
public interface IParityFamily
{
    /// <summary>The word for <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>Whether the file is of this kind, by its name and its metadata.</summary>
    bool Recognizes(ReferenceFile file);

    /// <summary>Computes the file's numbers anew and reports each comparison.</summary>
    void Run(ReferenceFile file, FileReport report);
}
