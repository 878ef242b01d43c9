using System.Net;
using System.Net.Sockets;

namespace Quickstart.Folder;

/// <summary>Chooses loopback ports before anything listens: the carrier must be told them, and a second run must have them again.</summary>
internal static class Ports
{
    /// <summary>The API's port: the one asked for, that of the run before, the usual one, or any free one; in this order.</summary>
    /// <exception cref="StartException">The port that it must be is taken.</exception>
    public static int ForApi(int? asked, int? before, int usual) => (asked, before) switch
    {
        ( > 0, _) => IsFree(asked.Value) ? asked.Value : throw new StartException($"Port {asked} is in use: give another --port."),
        (_, { } kept) => IsFree(kept)
            ? kept
            : throw new StartException($"Port {kept}, to which the run before had its calls report, is taken: free it, or give --port."),
        (null, _) when IsFree(usual) => usual,
        _ => AnyFree(),
    };

    /// <summary>The carrier's port: that of the run before if it is free. The carrier's calls do not depend on it.</summary>
    public static int ForCarrier(int? before) => before is { } kept && IsFree(kept) ? kept : AnyFree();

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int AnyFree()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
