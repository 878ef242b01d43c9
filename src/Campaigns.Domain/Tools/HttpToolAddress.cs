using System.Net;
using System.Net.Sockets;

namespace Campaigns.Domain.Tools;

/// <summary>Where an agent's own tools may connect to: public addresses of the internet, and nothing inside.</summary>
public static class HttpToolAddress
{
    // Special-purpose ranges of IPv4 (IANA registry), and the address under which one cloud serves its metadata outside of them.
    private static readonly IPNetwork[] Refused4 = Networks(
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 "
        + "192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32");

    // Of IPv6 only global unicast is public. Within it: protocol assignments (Teredo among them), documentation, and 6to4, which hides an IPv4
    // address. Mapped, compatible and NAT64 forms lie outside.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] Refused6 = Networks("2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20");

    /// <summary>
    /// Whether an agent's tool may connect to the address. To be asked for the address that is really connected to, after the name is
    /// resolved: a name that is harmless when it is checked may point elsewhere a moment later.
    /// </summary>
    /// <returns>
    /// False for private, loopback, link-local, shared (CGNAT), multicast, reserved and metadata addresses, and for every form of IPv6 that
    /// carries an IPv4 address.
    /// </returns>
    public static bool IsAllowed(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Refused4.Any(n => n.Contains(address)),
            // A network of IPv6 takes a mapped address for the IPv4 address in it, so these are told apart first.
            AddressFamily.InterNetworkV6 =>
                !address.IsIPv4MappedToIPv6 && Global6.Contains(address) && !Refused6.Any(n => n.Contains(address)) && !IsIsatap(address),
            _ => false,
        };
    }

    // An interface identifier 0000:5efe or 0200:5efe is followed by an IPv4 address.
    private static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
    }

    private static IPNetwork[] Networks(string list) => [.. list.Split(' ').Select(n => IPNetwork.Parse(n))];
}
