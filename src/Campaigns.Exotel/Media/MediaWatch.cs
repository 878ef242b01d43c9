namespace Campaigns.Exotel.Media;

/// <summary>What a socket's time ran out for.</summary>
internal enum MediaTimeout
{
    /// <summary>No <c>start</c> came.</summary>
    Start,

    /// <summary>Nothing came.</summary>
    Idle,

    /// <summary>The stream has lasted as long as one may.</summary>
    Longest,
}

/// <summary>Watches the times of one socket with one timer, which is moved only when it fires: hearing something costs a clock reading.</summary>
internal sealed class MediaWatch : IDisposable
{
    private readonly ExotelMediaOptions options;
    private readonly TimeProvider clock;
    private readonly Action<MediaTimeout> expired;
    private readonly long opened;
    private readonly ITimer timer;
    private long heard;
    private volatile bool started;

    internal MediaWatch(ExotelMediaOptions options, TimeProvider clock, Action<MediaTimeout> expired)
    {
        this.options = options;
        this.clock = clock;
        this.expired = expired;
        opened = heard = clock.GetTimestamp();
        timer = clock.CreateTimer(static watch => ((MediaWatch)watch!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(Next(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time since the handshake.</summary>
    internal TimeSpan Elapsed => clock.GetElapsedTime(opened);

    internal void OnHeard() => Volatile.Write(ref heard, clock.GetTimestamp());

    internal void OnStarted() => started = true;

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private TimeSpan StartRest => started ? TimeSpan.MaxValue : options.StartTimeout - Elapsed;

    private TimeSpan IdleRest => options.IdleTimeout - clock.GetElapsedTime(Volatile.Read(ref heard));

    private TimeSpan LongestRest => options.LongestStream - Elapsed;

    private TimeSpan Next() => Min(StartRest, Min(IdleRest, LongestRest));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void Check()
    {
        if (LongestRest <= TimeSpan.Zero)
        {
            expired(MediaTimeout.Longest);
        }
        else if (StartRest <= TimeSpan.Zero)
        {
            expired(MediaTimeout.Start);
        }
        else if (IdleRest <= TimeSpan.Zero)
        {
            expired(MediaTimeout.Idle);
        }
        else
        {
            timer.Change(Next(), Timeout.InfiniteTimeSpan);
        }
    }
}
