namespace StyleClip.TestServers;

/// <summary>What a <see cref="FaultProxy"/> does to a request.</summary>
public enum Fault
{
    /// <summary>Passes it on.</summary>
    None,

    /// <summary>Answers 503 and does not pass it on.</summary>
    Busy,

    /// <summary>Answers 429 and does not pass it on.</summary>
    Throttled,

    /// <summary>Breaks the connection and does not pass it on.</summary>
    LoseRequest,

    /// <summary>Passes it on and breaks the connection instead of answering.</summary>
    LoseAnswer,

    /// <summary>Passes it on and never answers.</summary>
    KeepAnswer,

    /// <summary>Passes it on and answers 500.</summary>
    HideAnswer,

    /// <summary>Answers with half of the bytes as if they were all.</summary>
    Truncate,

    /// <summary>Breaks the connection when half of the bytes are answered.</summary>
    Cut,
}
