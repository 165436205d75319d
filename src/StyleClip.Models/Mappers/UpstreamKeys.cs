namespace StyleClip.Models.Mappers;

/// <summary>Names in the state dict of the published mappers.</summary>
internal static class UpstreamKeys
{
    /// <summary>Coarse; the spelling is theirs.</summary>
    public const string Coarse = "course_mapping";

    public const string Medium = "medium_mapping";

    public const string Fine = "fine_mapping";

    /// <summary>The layers within a sub-network, and the sub-network of a single mapper.</summary>
    public const string Mapping = "mapping";

    public static string StyleVector(int index) => $"mapper_{index}";
}
