namespace StyleClip.Contracts.Library;

/// <summary>Media types of the artifacts that the product writes.</summary>
public static class MediaTypes
{
    /// <summary>Tensors in safetensors layout.</summary>
    public const string Safetensors = "application/vnd.safetensors";

    /// <summary>A JSON document.</summary>
    public const string Json = "application/json";

    /// <summary>A picture.</summary>
    public const string Png = "image/png";

    /// <summary>Anything else, such as a pack's vocabulary.</summary>
    public const string Binary = "application/octet-stream";
}
