namespace CarrierSimulator;

/// <summary>How the fields of media messages are named.</summary>
public enum MediaNames
{
    /// <summary>stream_sid, as the vendor's pages have it.</summary>
    SnakeCase,

    /// <summary>streamSid, as some of the vendor's own samples read it.</summary>
    CamelCase,

    /// <summary>Each call takes the next of the two.</summary>
    Rotate,
}

/// <summary>How numbers are written in media messages.</summary>
public enum MediaNumbers
{
    /// <summary>"1".</summary>
    Strings,

    /// <summary>1.</summary>
    Numbers,

    /// <summary>Calls alternate in pairs.</summary>
    Rotate,
}

/// <summary>What custom_parameters is when the address has none.</summary>
public enum MediaCustomParameters
{
    /// <summary>An object, empty without parameters.</summary>
    Object,

    /// <summary>An empty string without parameters.</summary>
    EmptyString,

    /// <summary>Calls alternate in fours.</summary>
    Rotate,
}

/// <summary>What becomes of marks whose audio a clear has dropped; the vendor does not document it.</summary>
public enum MarksAfterClear
{
    /// <summary>They never come back.</summary>
    Never,

    /// <summary>They come back at once.</summary>
    AtOnce,
}

/// <summary>Everything that can be set about the media WebSocket. All times are real time.</summary>
public sealed class MediaOptions
{
    /// <summary>How long each of the two attempts at a handshake may take. The vendor documents about 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time from <c>connected</c> to <c>start</c>; infinite never sends <c>start</c>.</summary>
    public TimeSpan StartDelay { get; set; }

    /// <summary>Audio in one <c>media</c> message: 100 ms as documented, or 20 ms as some have seen.</summary>
    public int ChunkMilliseconds { get; set; } = 100;

    public MediaNames Names { get; set; }

    public MediaNumbers Numbers { get; set; }

    public MediaCustomParameters CustomParameters { get; set; }

    public MarksAfterClear MarksAfterClear { get; set; }

    /// <summary>Audio that would wait longer than this before it is played is dropped and recorded as an error.</summary>
    public TimeSpan MaxLead { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest stream; the vendor documents 60 minutes. A shorter TimeLimit ends the call first.</summary>
    public TimeSpan MaxStream { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>A person who has none of their own hangs up after this much silence of both sides.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    internal IEnumerable<string> Errors()
    {
        if (HandshakeTimeout <= TimeSpan.Zero)
        {
            yield return $"{nameof(HandshakeTimeout)} must be positive";
        }

        if (StartDelay < TimeSpan.Zero && StartDelay != Timeout.InfiniteTimeSpan)
        {
            yield return $"{nameof(StartDelay)} must not be negative";
        }

        if (ChunkMilliseconds is not (20 or 100))
        {
            yield return $"{nameof(ChunkMilliseconds)} must be 20 or 100";
        }

        if (MaxLead <= TimeSpan.Zero || MaxStream <= TimeSpan.Zero || Patience <= TimeSpan.Zero)
        {
            yield return $"{nameof(MaxLead)}, {nameof(MaxStream)} and {nameof(Patience)} must be positive";
        }
    }
}
