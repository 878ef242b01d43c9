using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Session;

/// <summary>What to do about a lost connection.</summary>
internal enum ReconnectStep
{
    /// <summary>Go on from the newest handle; without one, as <see cref="Fresh"/>.</summary>
    Resume,

    /// <summary>A new session that is told a summary.</summary>
    Fresh,

    /// <summary>The platform would refuse again.</summary>
    GiveUp,
}

/// <summary>
/// Decides how a conversation goes on after its connection. Counts failures until a connection has held for a while, so that neither a refusal
/// nor a connection that breaks at once is tried for ever.
/// </summary>
internal sealed class Reconnects(TimeSpan budget)
{
    private const int MostRefusedResumes = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(4);

    private int attempts;
    private int invalidCloses;
    private int policyCloses;
    private int refusedResumes;
    private TimeSpan spent;

    /// <summary>Time left to find a connection; zero or less when the budget is spent.</summary>
    internal TimeSpan Left => budget - spent;

    /// <summary>A connection has held long enough.</summary>
    internal void Reset()
    {
        attempts = invalidCloses = policyCloses = refusedResumes = 0;
        spent = TimeSpan.Zero;
    }

    /// <summary>Counts time without connection.</summary>
    internal void Spend(TimeSpan elapsed) => spent += elapsed;

    /// <summary>A confirmed connection ended.</summary>
    /// <param name="end">How.</param>
    /// <param name="proven">It had held long enough, or the model had spoken, so that the setup itself is not at fault.</param>
    internal ReconnectStep AfterEnd(ConnectionEnd end, bool proven) => end.Code switch
    {
        // The history is what is invalid, or it has exhausted the context: never again with the same.
        CloseWords.InvalidPayload => proven && invalidCloses++ == 0 ? ReconnectStep.Fresh : ReconnectStep.GiveUp,
        CloseWords.PolicyViolation => policyCloses++ == 0 ? ReconnectStep.Resume : ReconnectStep.GiveUp,
        _ => ReconnectStep.Resume,
    };

    /// <summary>An attempt failed.</summary>
    /// <param name="failure">How.</param>
    /// <param name="withHandle">It was to go on from a handle.</param>
    internal ReconnectStep AfterFailure(LiveModelException failure, bool withHandle)
    {
        // Close codes begin at 1000: below are HTTP statuses, which have nothing to do with the handle.
        var closed = failure.CloseCode is >= 1000;
        if (failure.Failure == LiveFailure.Fatal)
        {
            return withHandle && closed ? ReconnectStep.Fresh : ReconnectStep.GiveUp;
        }

        return withHandle && failure.CloseCode == CloseWords.InternalError && ++refusedResumes >= MostRefusedResumes
            ? ReconnectStep.Fresh
            : ReconnectStep.Resume;
    }

    /// <summary>How long to wait before the next attempt, which is counted: 0.25 s doubling up to 4 s, less up to a fifth.</summary>
    /// <param name="planned">The connection was left on purpose: the first attempt does not wait.</param>
    /// <param name="random">0 to 1; spreads the conversations of an outage that hits them all.</param>
    internal TimeSpan NextDelay(bool planned, double random)
    {
        var attempt = attempts++;
        if (planned && attempt == 0)
        {
            return TimeSpan.Zero;
        }

        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt, 10));
        return (delay < MostDelay ? delay : MostDelay) * (1 - (0.2 * random));
    }
}
