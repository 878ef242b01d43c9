using Campaigns.Calls;

namespace Campaigns.Carrier;

/// <summary>Whether this process takes media sockets.</summary>
public interface IMediaGate
{
    /// <summary>Lets a socket in, until what this returns is disposed. Asked before the upgrade, once the socket's secret is found good.</summary>
    /// <param name="direction">Whether we called the person, or the person calls.</param>
    /// <returns>Null when the process takes no sockets of that direction any more: the carrier is told 503.</returns>
    IDisposable? TryEnter(CallDirection direction);
}
