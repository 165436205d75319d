using System.Net;
using System.Net.Sockets;

namespace StyleClip.Cluster.Hosting;

/// <summary>
/// Finds ports to listen at. They lie below the ephemeral range, so that no outgoing connection of this machine takes one between the
/// probe and the silo's start.
/// </summary>
internal static class FreePorts
{
    private const int FirstPort = 20_000;
    private const int PortSpan = 8;
    private const int PortGroups = 700;

    /// <summary>A port for silos and one for clients. Processes that start at the same time begin their search at different ports.</summary>
    public static (int Silo, int Gateway) Pair(IPAddress address)
    {
        int from = FirstPort + Environment.ProcessId % PortGroups * PortSpan * 2;
        return (First(address, from), First(address, from + PortSpan));
    }

    private static int First(IPAddress address, int from)
    {
        for (int port = from; port < from + PortSpan; port++)
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(address, port));
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // the next one, then
            }
            catch (SocketException exception)
            {
                throw new IOException($"This machine cannot listen at {address}: {exception.Message}", exception);
            }
        }

        throw new IOException($"No port of {address} is free from {from} to {from + PortSpan - 1}.");
    }
}
