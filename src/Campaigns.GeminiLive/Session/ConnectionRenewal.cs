namespace Campaigns.GeminiLive.Session;

/// <summary>
/// When to leave a connection that is going to end: at the first idle moment whose history the platform has confirmed, soon after an idle moment
/// without that, and in any case before the time is over. Asked for by the platform's notice, or by itself near the end of a connection's
/// known lifetime.
/// </summary>
internal sealed class ConnectionRenewal : IDisposable
{
    // Notice that a connection gives itself before its lifetime ends.
    private static readonly TimeSpan OwnNotice = TimeSpan.FromMinutes(1);

    // How long an idle moment waits for the handle that covers it.
    private static readonly TimeSpan HandleGrace = TimeSpan.FromSeconds(1);

    // Closing and the way there take time too.
    private static readonly TimeSpan MostReserve = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Action<string> leave;
    private readonly ITimer timer;
    private string? reason;
    private DateTimeOffset deadline;
    private DateTimeOffset? idleSince;
    private bool covered;
    private bool left;

    /// <param name="clock">The time.</param>
    /// <param name="lifetime">How long the connection lives.</param>
    /// <param name="leave">Called once, with the reason, when the moment has come.</param>
    internal ConnectionRenewal(TimeProvider clock, TimeSpan lifetime, Action<string> leave)
    {
        this.clock = clock;
        this.leave = leave;
        timer = clock.CreateTimer(static state => ((ConnectionRenewal)state!).OnTimer(), this, lifetime - OwnNotice, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The platform will end the connection after this.</summary>
    internal void Ask(TimeSpan timeLeft) => Ask(timeLeft, "the platform ends the connection (goAway)");

    /// <summary>Tells how things stand.</summary>
    /// <param name="idle">Nobody's turn is under way and no tool is being waited for.</param>
    /// <param name="handleIsCurrent">The newest handle covers everything that was said.</param>
    internal void Tell(bool idle, bool handleIsCurrent)
    {
        lock (gate)
        {
            idleSince = idle ? idleSince ?? clock.GetUtcNow() : null;
            covered = handleIsCurrent;
        }

        Look();
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void OnTimer()
    {
        if (Volatile.Read(ref reason) is null)
        {
            Ask(OwnNotice, "the connection's lifetime ends");
        }
        else
        {
            Look();
        }
    }

    private void Ask(TimeSpan timeLeft, string why)
    {
        lock (gate)
        {
            var reserve = timeLeft / 4 < MostReserve ? timeLeft / 4 : MostReserve;
            var end = clock.GetUtcNow() + timeLeft - reserve;
            deadline = reason is null || end < deadline ? end : deadline;
            reason ??= why;
        }

        Look();
    }

    private void Look()
    {
        string why;
        lock (gate)
        {
            if (reason is null || left)
            {
                return;
            }

            var now = clock.GetUtcNow();
            var grace = idleSince is { } since ? since + HandleGrace : (DateTimeOffset?)null;
            if (now < deadline && !(idleSince is not null && covered) && !(now >= grace))
            {
                var next = grace < deadline ? grace.Value : deadline;
                timer.Change(next - now, Timeout.InfiniteTimeSpan);
                return;
            }

            left = true;
            why = reason;
        }

        leave(why);
    }
}
