using System.Collections.Immutable;

namespace Campaigns.LiveModel;

/// <summary>The model that hears and speaks.</summary>
public interface ILiveModel
{
    /// <summary>Connects and sets a session up; returns when the model has confirmed it. The session then waits silently until it is prompted.</summary>
    /// <exception cref="LiveModelException">It could not be opened; says whether another try can help.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    Task<ILiveSession> OpenAsync(LiveSetup setup, CancellationToken cancellationToken);
}

/// <summary>
/// One conversation with the model, over as many connections as it takes: drops and the end of a connection's time are resumed inside. None of
/// the sends waits or throws; what cannot be sent because the session is over is dropped.
/// </summary>
public interface ILiveSession : IAsyncDisposable
{
    /// <summary>Hz of the audio that <see cref="SendAudio"/> takes (16,000).</summary>
    int InputSampleRate { get; }

    /// <summary>Hz of the audio that the sink is given (24,000).</summary>
    int OutputSampleRate { get; }

    /// <summary>Ends when the conversation is over, however it ends; never faults.</summary>
    Task<LiveEnd> Completion { get; }

    /// <summary>Begins to hand over what the model sends. Called once, before the first <see cref="Prompt"/>.</summary>
    void Attach(ILiveSink sink);

    /// <summary>The person's voice: PCM16 little-endian, mono. Copied; when the connection does not keep up the oldest is dropped.</summary>
    void SendAudio(ReadOnlySpan<byte> pcm);

    /// <summary>A text that the model answers, as the one that makes it speak first.</summary>
    void Prompt(string text);

    /// <summary>Answers tool calls; every call that was handed over must be answered once.</summary>
    void Answer(ImmutableArray<ToolAnswer> answers);

    /// <summary>Ends the conversation. Idempotent.</summary>
    ValueTask CloseAsync(string reason);
}

/// <summary>Takes what a live session hears. Called from one loop at a time: it must return at once and must not throw.</summary>
public interface ILiveSink
{
    /// <summary>The agent's voice: PCM16 little-endian, mono, at the session's output rate; whole samples. Valid during the call only.</summary>
    void OnAudio(ReadOnlySpan<byte> pcm);

    /// <summary>What the person said, as the model understood it: a fragment to be joined to those before.</summary>
    void OnHeard(string fragment);

    /// <summary>What the agent says: a fragment to be joined to those before. It may run ahead of the audio.</summary>
    void OnSpoken(string fragment);

    /// <summary>The person cut in: what has not been played must not be.</summary>
    void OnInterrupted();

    /// <summary>The model has generated its turn to the end; audio may still be playing.</summary>
    void OnGenerationComplete();

    /// <summary>The model's turn is over.</summary>
    /// <param name="reason">The model's own word if it told one, such as <c>MALFORMED_FUNCTION_CALL</c>.</param>
    void OnTurnComplete(string? reason);

    /// <summary>The model calls tools; one or several at once.</summary>
    void OnToolCalls(ImmutableArray<ToolCall> calls);

    /// <summary>The model takes tool calls back, because the person cut in. Their answers are not sent any more.</summary>
    void OnToolCallsCancelled(ImmutableArray<string> ids);

    /// <summary>What a turn has cost.</summary>
    void OnUsage(LiveUsage usage);

    /// <summary>The connection is gone and is being resumed: a turn under way is lost.</summary>
    /// <param name="reason">Why, for people.</param>
    void OnReconnecting(string reason);

    /// <summary>The conversation goes on over a new connection.</summary>
    /// <param name="resumed">False when its history could not be taken along, so that the model knows only its instructions and the summary it was given.</param>
    void OnReconnected(bool resumed);
}

/// <summary>What a session is opened with.</summary>
public sealed record LiveSetup
{
    /// <summary>Whose conversation it is; for logs and traces.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The whole prompt.</summary>
    public required string SystemInstruction { get; init; }

    /// <summary>Language tag the agent begins in, such as <c>hi-IN</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Name of the voice; null for the platform's default.</summary>
    public string? Voice { get; init; }

    /// <summary>Tools the agent may call.</summary>
    public ImmutableArray<ToolDeclaration> Tools { get; init; } = [];
}

/// <summary>A tool as declared to the model.</summary>
/// <param name="Name">Letters, digits and underscores; at most 63 characters.</param>
/// <param name="Description">When and how to use it.</param>
/// <param name="ParametersJson">Schema of the arguments: the OpenAPI subset with upper-case types (<c>{"type":"OBJECT",…}</c>); null without arguments.</param>
public sealed record ToolDeclaration(string Name, string Description, string? ParametersJson);

/// <summary>A tool call.</summary>
/// <param name="Id">The session's own id of the call, unique within the session, also where the platform gives none.</param>
/// <param name="Name">The tool.</param>
/// <param name="ArgumentsJson">A JSON object, as the model wrote it.</param>
public sealed record ToolCall(string Id, string Name, string ArgumentsJson);

/// <summary>The answer to a tool call.</summary>
/// <param name="Id">The call's id.</param>
/// <param name="Name">The tool.</param>
/// <param name="ResponseJson">A JSON object: <c>{"output":{…}}</c> or <c>{"error":"…"}</c>.</param>
public sealed record ToolAnswer(string Id, string Name, string ResponseJson);

/// <summary>Tokens of one or several turns, by kind. The whole context is billed again each turn, so sums matter.</summary>
/// <param name="InputText">Prompt tokens of text.</param>
/// <param name="InputAudio">Prompt tokens of audio.</param>
/// <param name="OutputText">Response tokens of text, thoughts included.</param>
/// <param name="OutputAudio">Response tokens of audio.</param>
public readonly record struct LiveUsage(long InputText, long InputAudio, long OutputText, long OutputAudio)
{
    /// <summary>The sum of two.</summary>
    public static LiveUsage operator +(LiveUsage a, LiveUsage b) => Add(a, b);

    /// <summary>The sum of two.</summary>
    public static LiveUsage Add(LiveUsage a, LiveUsage b)
        => new(a.InputText + b.InputText, a.InputAudio + b.InputAudio, a.OutputText + b.OutputText, a.OutputAudio + b.OutputAudio);
}

/// <summary>How a conversation with the model ended.</summary>
/// <param name="Kind">Who ended it and whether it was right.</param>
/// <param name="Reason">Close code and the platform's words, or the error; for people.</param>
/// <param name="Connections">How many connections it took.</param>
public sealed record LiveEnd(LiveEndKind Kind, string Reason, int Connections);

/// <summary>Who ended a conversation with the model.</summary>
public enum LiveEndKind
{
    /// <summary>We closed it.</summary>
    ClosedByUs,

    /// <summary>The model's side ended it and it could not be resumed.</summary>
    Lost,

    /// <summary>The platform refuses it, and would again: a wrong setup, model or key.</summary>
    Refused,
}

/// <summary>A live session that could not be opened.</summary>
public class LiveModelException : Exception
{
    /// <summary>A live session that could not be opened.</summary>
    public LiveModelException(LiveFailure failure, string message, int? closeCode = null, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        CloseCode = closeCode;
    }

    /// <summary>Whether and how another try can help.</summary>
    public LiveFailure Failure { get; }

    /// <summary>WebSocket close code or HTTP status of the handshake, if there was one.</summary>
    public int? CloseCode { get; }
}

/// <summary>What a failure of the live model asks for.</summary>
public enum LiveFailure
{
    /// <summary>Passing: the network, an overload, the platform's own error. Another try may succeed.</summary>
    Transient,

    /// <summary>Too many sessions or requests: another try later.</summary>
    Exhausted,

    /// <summary>The same setup will be refused again.</summary>
    Fatal,
}
