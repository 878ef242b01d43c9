using Campaigns.Carrier;
using Campaigns.LiveModel;

namespace Campaigns.Calls;

/// <summary>
/// The calls whose sound runs through this process. Audio stays here; a call session grain on the same silo sees coarse events only.
/// </summary>
public interface ILocalCalls
{
    /// <summary>
    /// Opens the model's session of a call that is ringing, so that the agent can speak as soon as it is answered. Returns at once; failures
    /// are met again when the call is answered. Does nothing when too many are open or the call is prepared already.
    /// </summary>
    void Prepare(Guid sessionId);

    /// <summary>The call will not be answered: closes what was prepared for it.</summary>
    void Discard(Guid sessionId);

    /// <summary>Adds a media leg whose stream has begun; it waits for its session's grain to take it.</summary>
    /// <returns>The line, which is listed as live until <see cref="ICallLine.Completion"/>; null when the session has one here already.</returns>
    ICallLine? Add(Guid sessionId, IMediaLeg leg);

    /// <summary>The line of a session whose media leg waits in this process; null when it does not. Given away once.</summary>
    ICallLine? Take(Guid sessionId);

    /// <summary>Ends the call of a session that runs in this process; harmless when none does.</summary>
    void HangUp(Guid sessionId, string reason);

    /// <summary>Sessions whose calls run in this process and are not concluded yet.</summary>
    IReadOnlyCollection<Guid> Live { get; }
}

/// <summary>One answered call: a media leg waiting to be joined to the model.</summary>
public interface ICallLine
{
    /// <summary>What the carrier told when the stream began.</summary>
    MediaStart Start { get; }

    /// <summary>
    /// Joins the person to the agent. Returns at once; everything after is told to <paramref name="events"/>, the end exactly once.
    /// </summary>
    void Begin(CallPlan plan, ICallEvents events);

    /// <summary>Ends the call before or after it was begun.</summary>
    void HangUp(CallEndKind kind, string reason);

    /// <summary>Ends when the call is over and <see cref="ICallEvents.OnEndedAsync"/> has been taken; never faults.</summary>
    Task Completion { get; }
}

/// <summary>How a call is to be held.</summary>
/// <param name="Brief">Who calls whom and why.</param>
/// <param name="Setup">What the model is opened with, unless it has been opened already.</param>
/// <param name="Greeting">The text that makes the model speak first.</param>
public sealed record CallPlan(CallBrief Brief, LiveSetup Setup, string Greeting);

/// <summary>What a line tells: seldom, and never audio. One call at a time, except tools, which may overlap with turns.</summary>
public interface ICallEvents
{
    /// <summary>Somebody has finished speaking.</summary>
    Task OnTurnAsync(CallTurn turn);

    /// <summary>The model calls a tool; the answer says what the line does then.</summary>
    Task<ToolResult> OnToolAsync(ToolCall call);

    /// <summary>The line has made out a machine by itself; the answer says what to do.</summary>
    Task<ToolResult> OnMachineAsync(MachineKind kind, string evidence);

    /// <summary>The call is over.</summary>
    Task OnEndedAsync(CallEnd end);
}

/// <summary>What a tool came to.</summary>
/// <param name="ResponseJson">For the model: <c>{"output":{…}}</c> or <c>{"error":"…"}</c>.</param>
/// <param name="Then">What the line does.</param>
/// <param name="Message">The words to be said, with <see cref="LineAction.LeaveMessage"/> and <see cref="LineAction.Explain"/>.</param>
public sealed record ToolResult(string ResponseJson, LineAction Then = LineAction.Continue, string? Message = null);

/// <summary>What a line does after a tool call.</summary>
public enum LineAction
{
    /// <summary>Goes on talking.</summary>
    Continue,

    /// <summary>Lets the agent finish what it says, then hangs up.</summary>
    HangUpAfterSpeech,

    /// <summary>Hangs up at once.</summary>
    HangUpNow,

    /// <summary>Waits for the beep (or that the machine falls silent), has the message said, then hangs up.</summary>
    LeaveMessage,

    /// <summary>Has the screener told who calls and why, then waits for the person.</summary>
    Explain,
}

/// <summary>What answers instead of a person.</summary>
public enum MachineKind
{
    /// <summary>A voicemail box or an answering machine.</summary>
    Voicemail,

    /// <summary>An assistant that asks who is calling before it puts the call through.</summary>
    Screener,

    /// <summary>A telephone menu.</summary>
    Menu,
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Position">1 for the first.</param>
/// <param name="Speaker">Who spoke.</param>
/// <param name="Text">What was said, as far as known.</param>
/// <param name="StartedAt">When it began to be heard.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Interrupted">The agent was cut off.</param>
/// <param name="HeardText">What was really heard of an agent's turn: all of it unless it was interrupted.</param>
/// <param name="SpokenMilliseconds">Length of the agent's turn as generated; 0 for the person.</param>
/// <param name="HeardMilliseconds">How much of it was played; 0 for the person.</param>
public sealed record CallTurn(
    int Position,
    Speaker Speaker,
    string Text,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    bool Interrupted,
    string HeardText,
    int SpokenMilliseconds,
    int HeardMilliseconds);

/// <summary>How a call ended, and what is known of it as a whole.</summary>
/// <param name="Kind">Why it ended.</param>
/// <param name="Detail">For people.</param>
/// <param name="Duration">From the beginning of the stream to its end.</param>
/// <param name="FirstAudio">From the beginning of the stream to the first audible sound of the agent; null if there was none.</param>
/// <param name="PersonSpoke">Whether the person was heard at all.</param>
/// <param name="Machine">What answered instead of a person, if something did.</param>
/// <param name="MessageLeft">A message was said to a machine to its end.</param>
/// <param name="RecordingFile">Name of the recording in the recordings folder; null without one.</param>
/// <param name="Usage">Tokens of the whole call.</param>
/// <param name="Underruns">How often the agent's voice ran dry in mid-sentence.</param>
public sealed record CallEnd(
    CallEndKind Kind,
    string Detail,
    TimeSpan Duration,
    TimeSpan? FirstAudio,
    bool PersonSpoke,
    MachineKind? Machine,
    bool MessageLeft,
    string? RecordingFile,
    LiveUsage Usage,
    int Underruns);

/// <summary>Why a call ended.</summary>
public enum CallEndKind
{
    /// <summary>The person hung up.</summary>
    PersonHungUp,

    /// <summary>The agent ended it.</summary>
    AgentEnded,

    /// <summary>A machine answered, and the policy was carried out.</summary>
    MachineDone,

    /// <summary>The longest call was reached.</summary>
    TooLong,

    /// <summary>Nobody said anything for too long.</summary>
    Silence,

    /// <summary>The model could not be reached, or was lost without return.</summary>
    ModelUnavailable,

    /// <summary>The model stopped answering or did not stop talking.</summary>
    ModelStuck,

    /// <summary>The call was handed to a person.</summary>
    Transferred,

    /// <summary>The media stream broke.</summary>
    MediaLost,

    /// <summary>This host stops.</summary>
    HostStopping,

    /// <summary>The call was over before it began: refused by its own record.</summary>
    Refused,
}
