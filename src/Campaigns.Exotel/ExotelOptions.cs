namespace Campaigns.Exotel;

/// <summary>How a dialled person is joined to the agent.</summary>
public enum ExotelMode
{
    /// <summary>Connect Voice AI: the media URL rides in the request, no dashboard flow (the account needs the feature).</summary>
    ConnectVoiceAi,

    /// <summary>A dashboard flow with a Voicebot applet, which holds the media URL.</summary>
    Flow,
}

/// <summary>How phone numbers are written to Exotel. Its documentation prefers E.164; working integrations use the national form.</summary>
public enum ExotelNumberFormat
{
    /// <summary><c>+919876543210</c>.</summary>
    E164,

    /// <summary><c>09876543210</c> for Indian numbers; others stay E.164.</summary>
    NationalZero,
}

/// <summary>How a repeated form field is named. Both are in production somewhere.</summary>
public enum ExotelArrayNotation
{
    /// <summary><c>StatusCallbackEvents[]</c>, repeated.</summary>
    Brackets,

    /// <summary><c>StatusCallbackEvents[0]</c>, <c>StatusCallbackEvents[1]</c> …</summary>
    Indexed,
}

/// <summary>
/// The account at Exotel and how it is used. Checked at start by <see cref="ExotelOptionsValidator"/>; never prints its secrets.
/// </summary>
public sealed class ExotelOptions
{
    /// <summary>Root of the REST API. Default Mumbai; Singapore accounts use <c>https://api.exotel.com/</c>.</summary>
    public Uri BaseAddress { get; set; } = new("https://api.in.exotel.com/");

    /// <summary>The account, as in the dashboard's API settings. Required.</summary>
    public string AccountSid { get; set; } = "";

    /// <summary>User of HTTP Basic. Required, secret.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Password of HTTP Basic. Required, secret.</summary>
    public string ApiToken { get; set; } = "";

    /// <summary>The ExoPhone that people see calling: E.164 or <c>0…</c>. Required.</summary>
    public string CallerId { get; set; } = "";

    /// <summary>How the person is joined to the agent. Default <see cref="ExotelMode.ConnectVoiceAi"/>.</summary>
    public ExotelMode Mode { get; set; }

    /// <summary>Flow mode: the flow's id, from which its URL is made. This or <see cref="FlowUrl"/>.</summary>
    public string? FlowAppId { get; set; }

    /// <summary>Flow mode: the flow's URL as the dashboard shows it. Exotel refuses URLs that are not its own flows.</summary>
    public Uri? FlowUrl { get; set; }

    /// <summary>Root under which Exotel reaches our webhooks, e.g. <c>https://calls.example.org</c>. Required.</summary>
    public Uri? PublicBaseAddress { get; set; }

    /// <summary>
    /// Root under which Exotel reaches our media socket, e.g. <c>wss://calls.example.org</c>. Required in Connect Voice AI mode.
    /// </summary>
    public Uri? MediaBaseAddress { get; set; }

    /// <summary>
    /// Samples per second of the media stream: 8,000 (default), 16,000 or 24,000. A telephone line carries no more than 8,000; raise it only where
    /// calls arrive in wideband.
    /// </summary>
    public int StreamSampleRate { get; set; } = 8_000;

    /// <summary>
    /// Lets addresses be <c>http</c>/<c>ws</c> on hosts other than this machine (a private test network). Default false: secrets ride in
    /// them.
    /// </summary>
    public bool AllowPlainText { get; set; }

    /// <summary>
    /// How numbers are written. Default <see cref="ExotelNumberFormat.E164"/>; change it if the account refuses that form.
    /// </summary>
    public ExotelNumberFormat NumberFormat { get; set; }

    /// <summary>Whether Exotel records calls. Default false; recording needs consent in most places.</summary>
    public bool Record { get; set; }

    /// <summary>Channels of a recording: <c>single</c> (default) or <c>dual</c>.</summary>
    public string RecordingChannels { get; set; } = "single";

    /// <summary>The carrier ends the call after this. Default one hour, the longest media stream; at most 4 hours, whole seconds.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(3600);

    /// <summary>
    /// Flow mode: how long the phone rings. Default 30 s. Connect Voice AI does not document the parameter, so it is not sent there.
    /// </summary>
    public TimeSpan RingTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Which news Exotel posts: of <c>answered</c>, <c>terminal</c>, <c>ringing</c>. Default (null) the first two.</summary>
    public string[]? StatusCallbackEvents { get; set; }

    /// <summary>How the repeated field is named. Default <see cref="ExotelArrayNotation.Brackets"/>.</summary>
    public ExotelArrayNotation ArrayNotation { get; set; }

    /// <summary>
    /// Flow mode: <c>application/json</c> (default) or <c>multipart/form-data</c>. The webhook takes all formats whatever is asked.
    /// </summary>
    public string StatusCallbackContentType { get; set; } = "application/json";

    /// <summary>
    /// Most time for one "place call", from connecting to the last byte of the answer. Default 10 s; afterwards the call's fate is
    /// unknown.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most time for one look-up request. Default 15 s.</summary>
    public TimeSpan LookUpTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether look-ups count against the account's 200 requests per minute. Default true: Exotel does not say, and a dial must not
    /// starve.
    /// </summary>
    public bool LookUpsShareLimit { get; set; } = true;

    /// <summary>Offset of the timestamps, which carry no zone. Default +05:30 (IST); a Singapore account may need another.</summary>
    public TimeSpan UtcOffset { get; set; } = new(5, 30, 0);

    /// <summary>Most connections to the carrier. Default 32: dials wait rather than open more.</summary>
    public int MaxConnections { get; set; } = 32;

    /// <summary>Most time to connect, TLS included. Default 5 s; running out of it is certain not to have rung anybody.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection is renewed after this, so that DNS changes are seen. Default 5 minutes.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// An idle connection is dropped after this. Default 15 s, well below the carrier's own limit: a dial sent into a connection that the
    /// carrier has just closed cannot be told from one that rang.
    /// </summary>
    public TimeSpan ConnectionIdleTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The events asked for, the default applied.</summary>
    internal IReadOnlyList<string> Events => StatusCallbackEvents ?? ["answered", "terminal"];

    /// <summary>Names the account and the mode, and no secret.</summary>
    public override string ToString()
        => $"ExotelOptions {{ AccountSid = {AccountSid}, Mode = {Mode}, BaseAddress = {BaseAddress}, ApiKey = ***, ApiToken = *** }}";
}
