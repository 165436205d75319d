namespace StyleClip.Parity.Families;

/// <summary>Files that explain others: descriptions, licences, the vocabulary, recorded errors.</summary>
public sealed class CompanionFamily : IParityFamily
{
    public string Name => "companions";

    public bool Recognizes(ReferenceFile file) => Purpose(file) is not null;

    public void Run(ReferenceFile file, FileReport report) => report.Listed(file.Name, Purpose(file)!);

    private static string? Purpose(ReferenceFile file) => file.Name switch
    {
        "set.json" => "the seed prefix",
        "README.md" => "description",
        _ when file.Name.EndsWith(".LICENSE.txt", StringComparison.Ordinal) => "licence",
        _ when file.Name.StartsWith("bpe_", StringComparison.Ordinal) && file.Name.EndsWith(".txt.gz", StringComparison.Ordinal) =>
            "the vocabulary that the product carries itself",
        _ when file.Name.EndsWith(".tolerance.json", StringComparison.Ordinal)
            && file.Set.Find(file.Name.Replace(".tolerance.json", ".safetensors", StringComparison.Ordinal)) is not null =>
            "recorded errors of the file of that name",
        _ => null,
    };
}
