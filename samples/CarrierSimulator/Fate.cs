namespace CarrierSimulator;

/// <summary>How one connect request ends, as the carrier knows it.</summary>
public enum DialOutcome
{
    /// <summary>The phone rang, was answered, and the call ended normally.</summary>
    Completed,

    /// <summary>The phone rang and nobody took the call.</summary>
    NoAnswer,

    /// <summary>The callee was busy.</summary>
    Busy,

    /// <summary>The operator could not place the call.</summary>
    Failed,

    /// <summary>The call was cancelled before anyone answered.</summary>
    Canceled,

    /// <summary>The request was refused for good (400); no phone rang.</summary>
    Rejected,

    /// <summary>The request was refused for now (429); no phone rang.</summary>
    Deferred,

    /// <summary>The request broke on the carrier's side (500) and no phone rang, which the client cannot know.</summary>
    NotPlaced,
}

/// <summary>What the client gets back for one connect request.</summary>
public enum ConnectReply
{
    /// <summary>200 with the call.</summary>
    Accepted,

    /// <summary>400 with a RestException.</summary>
    BadRequest,

    /// <summary>429 without a Retry-After header.</summary>
    TooManyRequests,

    /// <summary>429 with a Retry-After header.</summary>
    TooManyRequestsWithRetryAfter,

    /// <summary>500 with a RestException.</summary>
    ServerError,

    /// <summary>Nothing until the client gives up (or <see cref="CarrierSimulatorOptions.HoldResponse"/> has passed), then 200.</summary>
    Held,

    /// <summary>200 with a call that lacks its Sid.</summary>
    WithoutSid,

    /// <summary>200 with a body that breaks off in the middle.</summary>
    Unreadable,

    /// <summary>The connection is reset without a response.</summary>
    Reset,

    /// <summary>200 with the call, only after every callback of the call has been sent.</summary>
    AfterCallbacks,
}

/// <summary>What happens to the status callbacks of one call.</summary>
public enum CallbackHabit
{
    /// <summary>Each is sent once, on time, in order.</summary>
    Normal,

    /// <summary>None is ever sent.</summary>
    Lost,

    /// <summary>All but the terminal one are sent.</summary>
    TerminalLost,

    /// <summary>Each is sent twice.</summary>
    Doubled,

    /// <summary>The terminal one is sent 20 s after the end.</summary>
    TerminalLate,

    /// <summary>The answered one is sent after the terminal one, also when it was not subscribed to.</summary>
    OutOfOrder,

    /// <summary>One with a status nobody documents comes before the terminal one.</summary>
    UnknownFirst,

    /// <summary>Two ringing ones are sent, also when they were not subscribed to.</summary>
    Ringing,
}

/// <summary>What one connect request to a number does. Times are those of the simulated people, before any speed-up.</summary>
public sealed record DialScript(DialOutcome Outcome, TimeSpan Ring, TimeSpan Talk)
{
    public ConnectReply Reply { get; init; }

    public CallbackHabit Callbacks { get; init; }

    /// <summary>True if a phone rang or was tried: the request is a dial.</summary>
    public bool Placed => Outcome is not (DialOutcome.Rejected or DialOutcome.Deferred or DialOutcome.NotPlaced);
}

/// <summary>Where a number stands after a client that redials some outcomes has used up its attempts.</summary>
public sealed record FateResult(DialOutcome Outcome, int Dials, int Requests);

/// <summary>The fate of every number that ends in <see cref="Digits"/>.</summary>
public sealed record Fate(int Digits, string Name, string Description, IReadOnlyList<DialScript> Dials)
{
    private static readonly HashSet<DialOutcome> s_usuallyRedialled = [DialOutcome.NoAnswer, DialOutcome.Busy, DialOutcome.Failed];

    /// <summary>The script of the n-th (from 1) connect request; the last one repeats.</summary>
    public DialScript Dial(int ordinal) => Dials[Math.Min(ordinal, Dials.Count) - 1];

    /// <summary>
    /// The promised end for a client that makes up to <paramref name="attempts"/> attempts, repeats a request that was refused for now
    /// without counting it, and redials the outcomes in <paramref name="redialled"/> (no-answer, busy and failed when null).
    /// </summary>
    public FateResult After(int attempts, IReadOnlySet<DialOutcome>? redialled = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        redialled ??= s_usuallyRedialled;
        var (used, dials, requests) = (0, 0, 0);
        while (true)
        {
            var script = Dial(++requests);
            dials += script.Placed ? 1 : 0;
            if (script.Outcome == DialOutcome.Deferred)
            {
                continue;
            }

            if (++used == attempts || !redialled.Contains(script.Outcome))
            {
                return new FateResult(script.Outcome, dials, requests);
            }
        }
    }
}
