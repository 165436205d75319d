namespace StyleClip.Node;

/// <summary>A device was asked for that this build or machine does not have.</summary>
public sealed class DeviceMissingException(string message) : Exception(message);
