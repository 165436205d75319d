using System.Net;

namespace StyleClip.Gateway;

/// <summary>Settings of a gateway process.</summary>
public sealed record GatewayOptions
{
    /// <summary>Port where nothing else is said; below the range that outgoing connections take.</summary>
    public const int DefaultPort = 7080;

    /// <summary>Address to listen on. Other than loopback only where an API key exists.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Largest artifact that may be uploaded: 5,000 W+ codes of a 1024 px generator are 184 MB.</summary>
    public long MaxUploadBytes { get; init; } = 2L << 30;

    /// <summary>Longest silence on a stream of events; then a comment says that the connection lives.</summary>
    public TimeSpan EventHeartbeat { get; init; } = TimeSpan.FromSeconds(15);
}
