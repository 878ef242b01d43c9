using System.Net;
using System.Net.Sockets;

namespace Campaigns.Testing;

/// <summary>Ports of 127.0.0.1.</summary>
public static class Loopback
{
    /// <summary>A port that was free a moment ago. Others may take it before you do: give a server port 0 where it knows that.</summary>
    public static int FreePort()
    {
        using var listener = Occupy();
        return PortOf(listener);
    }

    /// <summary>Takes a free port until disposed.</summary>
    public static TcpListener Occupy()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>The port a listener took.</summary>
    public static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
