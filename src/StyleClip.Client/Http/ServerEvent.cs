namespace StyleClip.Client.Http;

/// <summary>One server-sent event.</summary>
/// <param name="Name">What kind of event.</param>
/// <param name="Id">Cursor of the stream after it; null where the event does not move it.</param>
/// <param name="Data">Its content.</param>
internal sealed record ServerEvent(string Name, string? Id, string Data);
