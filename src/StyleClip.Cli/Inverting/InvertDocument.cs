using StyleClip.Training.Inversion;

namespace StyleClip.Cli.Inverting;

/// <summary>The document that <c>invert --output json</c> prints.</summary>
internal sealed record InvertDocument
{
    public required string Pack { get; init; }

    public required string DeviceKind { get; init; }

    public required InversionOptions Options { get; init; }

    /// <summary>What the images were compared by.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>True where Ctrl-C ended it before all steps of all images.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>The W+ codes, in the order of <see cref="Results"/>.</summary>
    public required string Latents { get; init; }

    /// <summary>The images, and below them the pictures of their codes.</summary>
    public required string Strip { get; init; }

    public required IReadOnlyList<InvertResult> Results { get; init; }
}

/// <summary>One image in an <see cref="InvertDocument"/>.</summary>
internal sealed record InvertResult(string Image, int Steps, double Seconds, InversionFit Fit);
