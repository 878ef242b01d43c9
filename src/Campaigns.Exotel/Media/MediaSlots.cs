using Microsoft.Extensions.Options;

namespace Campaigns.Exotel.Media;

/// <summary>Counts the sockets of this process.</summary>
internal sealed class MediaSlots(IOptions<ExotelMediaOptions> options)
{
    private readonly int most = options.Value.MaxConnections;
    private int used;

    /// <summary>Takes a slot; false: there is none. <see cref="Release"/> gives it back.</summary>
    internal bool TryTake()
    {
        if (Interlocked.Increment(ref used) <= most)
        {
            return true;
        }

        Release();
        return false;
    }

    internal void Release() => Interlocked.Decrement(ref used);
}
