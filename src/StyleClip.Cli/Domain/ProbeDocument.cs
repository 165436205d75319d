using StyleClip.Contracts.Domain;

namespace StyleClip.Cli.Domain;

/// <summary>The document of <c>pack probe --output json</c>.</summary>
internal sealed record ProbeDocument
{
    public required string Pack { get; init; }

    public required string DeviceKind { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<ProbedPrompt> Prompts { get; init; }
}

/// <summary>A prompt in a <see cref="ProbeDocument"/>.</summary>
internal sealed record ProbedPrompt(string Prompt, DomainReport Domain);
