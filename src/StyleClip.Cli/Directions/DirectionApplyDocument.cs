namespace StyleClip.Cli.Directions;

/// <summary>The document that <c>directions apply --output json</c> prints.</summary>
internal sealed record DirectionApplyDocument
{
    public required string Pack { get; init; }

    public required string Table { get; init; }

    public required string DeviceKind { get; init; }

    public required int Latents { get; init; }

    public required IReadOnlyList<DirectionApplyEdit> Edits { get; init; }

    /// <summary>The strips: all edits combined first, then each alone where there are several and a folder was asked for.</summary>
    public required IReadOnlyList<string> Strips { get; init; }

    /// <summary>Every picture by itself; absent where a strip alone was asked for.</summary>
    public IReadOnlyList<string>? Pictures { get; init; }

    /// <summary>From texts to directions, all edits; the networks and the table are loaded.</summary>
    public required double TextMilliseconds { get; init; }

    /// <summary>An edited image: styles, synthesis and waiting for the device.</summary>
    public required double MillisecondsPerImage { get; init; }
}

/// <summary>An edit in a <see cref="DirectionApplyDocument"/>.</summary>
/// <param name="Target">What the edited image shows.</param>
/// <param name="Neutral">What the unedited image shows.</param>
/// <param name="Alphas">Its strength in every row of edited pictures.</param>
/// <param name="Beta">The threshold.</param>
/// <param name="Channels">Channels that reach it.</param>
/// <param name="ChannelsOf">Channels of the table.</param>
/// <param name="LargestRelevance">Largest relevance of any channel.</param>
/// <param name="Templates">Phrasings over which the texts were averaged.</param>
internal sealed record DirectionApplyEdit(
    string Target, string Neutral, IReadOnlyList<double> Alphas, double Beta, int Channels, long ChannelsOf, double LargestRelevance, int Templates);
