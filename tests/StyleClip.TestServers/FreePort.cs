using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StyleClip.TestServers;

/// <summary>
/// Ports for servers of tests: below the range from which the kernel takes ports for outgoing connections, so that no connection can take
/// the port between its choice and the server's start.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>A loopback port that nobody listens on.</summary>
    public static int Find()
    {
        while (true)
        {
            // At random, because several test programs look for one at the same time.
            int port = RandomNumberGenerator.GetInt32(First, End);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // taken: try another
            }
        }
    }
}
