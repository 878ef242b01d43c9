namespace Campaigns.GeminiLive;

/// <summary>
/// The account at Google and how conversations are held there (section <c>Campaigns:Gemini</c>). Checked at start by
/// <see cref="GeminiOptionsValidator"/>; never prints its key.
/// </summary>
public sealed class GeminiOptions
{
    /// <summary>Which of Google's two platforms. Default <see cref="GeminiPlatform.Developer"/>.</summary>
    public GeminiPlatform Platform { get; set; }

    /// <summary>
    /// The live model's id, without a path, such as <c>gemini-live-2.5-flash-native-audio</c>. Ids differ between the platforms.
    /// Required.
    /// </summary>
    public string Model { get; set; } = "";

    /// <summary>The model's kind. Default (null): by its id. Set it for an id that does not tell.</summary>
    public GeminiFamily? Family { get; set; }

    /// <summary>Key of the Developer API; required there and unused on Vertex. Secret; it travels in a header only.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Vertex: the Google Cloud project. Required there.</summary>
    public string Project { get; set; } = "";

    /// <summary>
    /// Vertex: the region, such as <c>us-central1</c>, a multi-region or <c>global</c>. Required there; near the carrier is best.
    /// </summary>
    public string Location { get; set; } = "";

    /// <summary>
    /// Root used instead of the platform's own host, for a private endpoint or a test; <c>https</c> or <c>wss</c>, the scheme is adapted to
    /// the request. Default (null): the platform's host.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Lets <see cref="BaseAddress"/> be <c>http</c>/<c>ws</c> on a host other than this machine (a private test network). Default false.
    /// </summary>
    public bool AllowPlainText { get; set; }

    /// <summary>
    /// Vertex: a credential file as Google issues it. Default (null): the application default credentials of the machine.
    /// </summary>
    public string? CredentialFile { get; set; }

    /// <summary>The text model that distils finished conversations, without a path. Required; ids are withdrawn now and then.</summary>
    public string ExtractionModel { get; set; } = "";

    /// <summary>Most time for one extraction, connecting included. Default 30 s.</summary>
    public TimeSpan ExtractionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most time to connect, TLS and WebSocket handshake included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most time from the handshake to the model's confirmation of the setup. Default 10 s.</summary>
    public TimeSpan SetupTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection that has not taken a message for this long is given up and the conversation resumed. Default 10 s.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection lives before the platform ends it. Default 10 minutes, as documented. A conversation moves to a new connection by
    /// itself a minute before, whether or not the platform gives notice; a session opened while the phone rings spends that time too.
    /// </summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Most time that a conversation may be without connection, all its attempts together, before it is given up. Default 15 s; a person does
    /// not listen to silence for longer. Counted anew after <see cref="StableAfter"/>.
    /// </summary>
    public TimeSpan ResumeBudget { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A connection that held this long was a good one: the counters of failures begin anew. Default 10 s.</summary>
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The person's voice kept while there is no connection; older is dropped. Default 2 s.</summary>
    public TimeSpan UplinkBuffer { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Tokens of context above which the platform drops the oldest. Default 25,000: the whole context is billed again with every turn. Null: the
    /// platform's own (80 % of the window).
    /// </summary>
    public int? CompressionTrigger { get; set; } = 25_000;

    /// <summary>Tokens left by a compression. Default 8,000. Null: the platform's own (half the trigger).</summary>
    public int? CompressionTarget { get; set; } = 8_000;

    /// <summary>
    /// How much a 3.1 model thinks before it speaks. Default <see cref="GeminiThinking.Minimal"/>, the fastest. Null: not told.
    /// </summary>
    public GeminiThinking? Thinking { get; set; } = GeminiThinking.Minimal;

    /// <summary>Tokens a 2.5 model may think before it speaks. Default 0 (not at all), the fastest. Null: the model decides.</summary>
    public int? ThinkingBudget { get; set; } = 0;

    /// <summary>
    /// How readily speech is taken to begin. Default <see cref="GeminiSensitivity.Low"/>: telephone noise must not interrupt the agent. Always
    /// sent, because the platforms' defaults differ.
    /// </summary>
    public GeminiSensitivity StartSensitivity { get; set; } = GeminiSensitivity.Low;

    /// <summary>
    /// How readily speech is taken to have ended. Default <see cref="GeminiSensitivity.High"/>, the fastest answer. Always sent.
    /// </summary>
    public GeminiSensitivity EndSensitivity { get; set; } = GeminiSensitivity.High;

    /// <summary>Silence after which speech counts as ended. Default 500 ms; it delays every answer.</summary>
    public TimeSpan SilenceDuration { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Speech needed before it counts as begun. Default 200 ms.</summary>
    public TimeSpan PrefixPadding { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Languages the person may speak, such as <c>hi-IN</c>, as a hint for the transcription. Default none. Sent only to models that are known to
    /// take it (Vertex, 2.5 native audio).
    /// </summary>
    public string[] TranscriptionLanguages { get; set; } = [];

    /// <summary>
    /// Most conversations of this process at a time. Default 500; keep it below the project's quota of concurrent sessions.
    /// </summary>
    public int MaxSessions { get; set; } = 500;

    /// <summary>Names the platform and the model, and no secret.</summary>
    public override string ToString() => $"GeminiOptions {{ Platform = {Platform}, Model = {Model}, ApiKey = *** }}";
}

/// <summary>Google's two platforms, which differ in hosts, credentials, model ids and fields.</summary>
public enum GeminiPlatform
{
    /// <summary>The Gemini Developer API: a key.</summary>
    Developer,

    /// <summary>Vertex AI: a project, a region and an OAuth token.</summary>
    Vertex,
}

/// <summary>Kinds of live models, which differ in the fields they take.</summary>
public enum GeminiFamily
{
    /// <summary>Not known: only fields that every live model takes are sent.</summary>
    Unknown,

    /// <summary>2.5 with native audio.</summary>
    NativeAudio25,

    /// <summary>Older models that hear natively and speak by text to speech; the only ones that are told a language.</summary>
    HalfCascade,

    /// <summary>3.1 live.</summary>
    Live31,
}

/// <summary>How much a 3.1 model thinks before it speaks.</summary>
public enum GeminiThinking
{
    /// <summary>The least.</summary>
    Minimal,

    /// <summary>Little.</summary>
    Low,

    /// <summary>Some.</summary>
    Medium,

    /// <summary>Much; noticeable on the telephone.</summary>
    High,
}

/// <summary>How readily the beginning or end of speech is detected.</summary>
public enum GeminiSensitivity
{
    /// <summary>Reluctantly.</summary>
    Low,

    /// <summary>Readily.</summary>
    High,
}
