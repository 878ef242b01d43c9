namespace CarrierSimulator;

/// <summary>How status callbacks are encoded.</summary>
public enum CallbackFormat
{
    /// <summary>multipart/form-data, the vendor's apparent default.</summary>
    Multipart,

    /// <summary>application/x-www-form-urlencoded.</summary>
    UrlEncoded,

    /// <summary>application/json.</summary>
    Json,

    /// <summary>Each call takes the next of the three.</summary>
    Rotate,
}

/// <summary>Everything that can be set about the simulated carrier. Times are real time unless they say otherwise.</summary>
public sealed class CarrierSimulatorOptions
{
    /// <summary>TCP port, on 127.0.0.1 unless told otherwise; 0 takes a free one.</summary>
    public int Port { get; set; }

    /// <summary>Listens on every address of the machine and not on loopback alone; false.</summary>
    public bool AnyAddress { get; set; }

    public string AccountSid { get; set; } = "campaigns1";

    /// <summary>User name of HTTP Basic authentication.</summary>
    public string ApiKey { get; set; } = "key";

    /// <summary>Password of HTTP Basic authentication.</summary>
    public string ApiToken { get; set; } = "token";

    /// <summary>The numbers the account owns, E.164 or 0-prefixed national; only these may be a CallerId.</summary>
    public IList<string> ExoPhones { get; set; } = ["08047191234"];

    /// <summary>Connect requests in any rolling minute; null is unlimited. The vendor documents 200.</summary>
    public int? CallsPerMinute { get; set; } = 200;

    /// <summary>Send Retry-After with the 429 of the rate limit. Off by default: the client must back off by itself.</summary>
    public bool RetryAfter { get; set; }

    /// <summary>Look-ups take from the same bucket as connects. The vendor's pages disagree on it; off by default.</summary>
    public bool LookupsShareLimit { get; set; }

    /// <summary>
    /// Live Voice AI calls the account may have, from placing to end; one more is refused with 429. The vendor's sample says 100.
    /// </summary>
    public int? ActiveStreams { get; set; }

    /// <summary>Refuse request fields and query parameters that the API does not document.</summary>
    public bool Strict { get; set; } = true;

    /// <summary>The simulated people ring and talk this many times faster. Rate limits and time-outs stay real time.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>Every call is answered and ends at once, whatever its digits say: for benchmarks.</summary>
    public bool InstantAnswer { get; set; }

    /// <summary>
    /// Answered Voice AI calls open their StreamUrl, and the people at their numbers speak and hear; such a call lasts as long as its
    /// conversation. Off, a call's talk time follows from its digits and nothing is opened.
    /// </summary>
    public bool Media { get; set; }

    /// <summary>How the media stream behaves; of use with <see cref="Media"/> only.</summary>
    public MediaOptions MediaStream { get; } = new();

    /// <summary>Encoding of status callbacks where the request does not say.</summary>
    public CallbackFormat CallbackFormat { get; set; }

    /// <summary>Send only the four fields that are always there, even when events were subscribed to.</summary>
    public bool MinimalCallbacks { get; set; }

    /// <summary>How long a status callback may take. The vendor documents 15 s.</summary>
    public TimeSpan CallbackTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Pause before each of the two repeats of a failed callback; the vendor does not document it.</summary>
    public TimeSpan CallbackRetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the "time-out but placed" fates keep the response back. Longer than the client's time-out to be of use.</summary>
    public TimeSpan HoldResponse { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Duration, Price and EndTime of a look-up appear this long after the end, in the time of the simulated people.</summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// File of JSON lines that keeps the ledger and lets a restarted simulator carry on its live calls; null keeps it in memory.
    /// </summary>
    public string? LedgerFile { get; set; }

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Every mistake in these options, or an empty list.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        Check(Port is >= 0 and <= 65535, $"{nameof(Port)} must be 0 to 65535");
        Check(AccountSid.Length > 0, $"{nameof(AccountSid)} must not be empty");
        Check(
            ApiKey.Length > 0 && !ApiKey.Contains(':', StringComparison.Ordinal),
            $"{nameof(ApiKey)} must not be empty or contain a colon");
        Check(ApiToken.Length > 0, $"{nameof(ApiToken)} must not be empty");
        Check(ExoPhones.Count > 0, $"{nameof(ExoPhones)} must name at least one number");
        Check(ExoPhones.All(p => PhoneNumber.TryNormalize(p, out _)), $"{nameof(ExoPhones)} must be E.164 or 0-prefixed national");
        Check(CallsPerMinute is null or > 0, $"{nameof(CallsPerMinute)} must be positive");
        Check(ActiveStreams is null or >= 0, $"{nameof(ActiveStreams)} must not be negative");
        Check(Speed is > 0 and <= 1_000_000, $"{nameof(Speed)} must be above 0 and at most 1000000");
        Check(CallbackTimeout > TimeSpan.Zero, $"{nameof(CallbackTimeout)} must be positive");
        Check(CallbackRetryDelay >= TimeSpan.Zero, $"{nameof(CallbackRetryDelay)} must not be negative");
        Check(HoldResponse >= TimeSpan.Zero, $"{nameof(HoldResponse)} must not be negative");
        Check(SettleTime >= TimeSpan.Zero, $"{nameof(SettleTime)} must not be negative");
        foreach (var error in MediaStream.Errors())
        {
            Check(false, $"{nameof(MediaStream)}.{error}");
        }

        return errors;

        void Check(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add($"{nameof(CarrierSimulatorOptions)}.{message}.");
            }
        }
    }
}
