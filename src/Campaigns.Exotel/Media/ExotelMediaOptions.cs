namespace Campaigns.Exotel.Media;

/// <summary>Limits of the media sockets (<c>Campaigns:Exotel:Media</c>).</summary>
public sealed class ExotelMediaOptions
{
    /// <summary>Most media sockets of this process at once. Default 1,000; the next one is answered 503.</summary>
    public int MaxConnections { get; set; } = 1_000;

    /// <summary>
    /// Longest message taken, bytes. Default 256 kB: Exotel's largest chunk (100,000 bytes of audio) is 134 kB. A longer one closes the socket
    /// (1009).
    /// </summary>
    public int MaxMessageBytes { get; set; } = 256 * 1_024;

    /// <summary>Most time to check a secret, so that a slow store does not outlast the carrier's handshake (10 s). Default 5 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most time from the handshake to <c>start</c>. Default 10 s.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most time with nothing received: the carrier sends audio all the time, also silence. Default 30 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most time from the handshake to the end. Default 60 minutes, the carrier's own limit.</summary>
    public TimeSpan LongestStream { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>Most time the carrier may take nothing of what is sent. Default 5 s; then the socket is aborted.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most time for the carrier to answer our close. Default 2 s; then the socket is aborted.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether our audio carries <c>sequence_number</c>, <c>chunk</c> and <c>timestamp</c>. Default false: the documentation does not ask for
    /// them. Turn it on if streams end early.
    /// </summary>
    public bool SequenceFields { get; set; }

    /// <summary>
    /// Most audio taken per second of time, averaged over <see cref="MediaWindow"/>. Default 3 s: real time is 1, and a stalled network
    /// delivers late all at once. More ends the stream.
    /// </summary>
    public TimeSpan MaxMediaPerSecond { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Over how long <see cref="MaxMediaPerSecond"/> is averaged; with 3 s, a burst may hold 30 s of audio. Default 10 s.</summary>
    public TimeSpan MediaWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most unreadable messages of one stream. Default 50; the next one ends it.</summary>
    public int MaxMalformed { get; set; } = 50;
}
