namespace StyleClip.Cli.Remote;

/// <summary>The document of <c>mapper pull</c> and <c>job pull</c> with <c>--output json</c>.</summary>
internal sealed record PulledFiles
{
    public required string Mapper { get; init; }

    public required string Card { get; init; }

    public required string Strip { get; init; }

    /// <summary>Of the mapper, 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}
