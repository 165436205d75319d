namespace StyleClip.Cli.Running;

/// <summary>For whom the result is written.</summary>
internal enum OutputForm
{
    /// <summary>People.</summary>
    Text,

    /// <summary>Programs: one JSON document on standard output.</summary>
    Json,
}
