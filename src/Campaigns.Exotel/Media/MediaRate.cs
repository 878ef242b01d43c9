namespace Campaigns.Exotel.Media;

/// <summary>
/// Tells when more comes in than a conversation can hold: a bucket that drains at the rate allowed and holds what a window allows. Audio counts
/// as what it is; anything else by its length, so that a flood of it ends as well.
/// </summary>
internal sealed class MediaRate
{
    // Below the smallest frame met (10 ms at 8 kHz: 160 bytes): bounds the number of messages too.
    private const int LeastPerMessage = 64;

    private readonly TimeProvider clock;
    private readonly double secondsOfAudio;
    private readonly double window;
    private double level;
    private long lastTime;

    internal MediaRate(ExotelMediaOptions options, TimeProvider clock)
    {
        this.clock = clock;
        secondsOfAudio = options.MaxMediaPerSecond.TotalSeconds;
        window = options.MediaWindow.TotalSeconds;
        lastTime = clock.GetTimestamp();
    }

    /// <summary>Counts one message; false: too much.</summary>
    internal bool TryTake(int bytes, int sampleRate)
    {
        var now = clock.GetTimestamp();
        var perSecond = secondsOfAudio * sampleRate * sizeof(short);
        level = Math.Max(0, level - (clock.GetElapsedTime(lastTime, now).TotalSeconds * perSecond)) + Math.Max(bytes, LeastPerMessage);
        lastTime = now;
        return level <= perSecond * window;
    }
}
