using Campaigns.Calls;
using Orleans;
using Orleans.Concurrency;

namespace Campaigns.Grains;

/// <summary>
/// One call. Its key is the session's id. It lives on the silo that holds the call's media socket, builds the prompt, carries out tools, keeps the
/// transcript and concludes the call; the sound itself stays in that silo's <see cref="ILocalCalls"/>.
/// </summary>
[Alias("campaigns.ICallSessionGrain")]
public interface ICallSessionGrain : IGrainWithGuidKey
{
    /// <summary>Takes over the media leg that waits on this silo and begins the conversation.</summary>
    /// <param name="direction">An inbound session's conversation has begun with its record.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null, or why the call is refused.</returns>
    [Alias("Begin")]
    Task<string?> BeginAsync(CallDirection direction, CancellationToken cancellationToken);

    /// <summary>Keeps a turn.</summary>
    [Alias("OnTurn"), AlwaysInterleave]
    Task OnTurnAsync(CallTurnMessage turn);

    /// <summary>Carries out a tool call.</summary>
    [Alias("OnTool"), AlwaysInterleave]
    Task<ToolResultMessage> OnToolAsync(string callId, string name, string argumentsJson);

    /// <summary>Decides what to do with a machine that the line has made out by itself.</summary>
    [Alias("OnMachine"), AlwaysInterleave]
    Task<ToolResultMessage> OnMachineAsync(MachineKind kind, string evidence);

    /// <summary>Concludes the call: what came of it is durable when this returns.</summary>
    [Alias("OnEnded")]
    Task OnEndedAsync(CallEndMessage end);

    /// <summary>Ends the call from outside. Harmless when it is over.</summary>
    [Alias("HangUp")]
    Task HangUpAsync(string reason);
}

/// <summary>A turn on its way to the grain.</summary>
/// <param name="Position">1 for the first.</param>
/// <param name="Speaker">Who spoke.</param>
/// <param name="Text">What was said.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Interrupted">The agent was cut off.</param>
/// <param name="HeardText">What was really heard.</param>
/// <param name="SpokenMilliseconds">Length as generated.</param>
/// <param name="HeardMilliseconds">Length as played.</param>
[GenerateSerializer, Immutable, Alias("campaigns.CallTurnMessage")]
public sealed record CallTurnMessage(
    [property: Id(0)] int Position,
    [property: Id(1)] Speaker Speaker,
    [property: Id(2)] string Text,
    [property: Id(3)] DateTimeOffset StartedAt,
    [property: Id(4)] DateTimeOffset EndedAt,
    [property: Id(5)] bool Interrupted,
    [property: Id(6)] string HeardText,
    [property: Id(7)] int SpokenMilliseconds,
    [property: Id(8)] int HeardMilliseconds);

/// <summary>What a tool came to, on its way from the grain.</summary>
/// <param name="ResponseJson">For the model.</param>
/// <param name="Then">What the line does.</param>
/// <param name="Message">The words to be said.</param>
[GenerateSerializer, Immutable, Alias("campaigns.ToolResultMessage")]
public sealed record ToolResultMessage(
    [property: Id(0)] string ResponseJson,
    [property: Id(1)] LineAction Then,
    [property: Id(2)] string? Message);

/// <summary>How a call ended, on its way to the grain; see <see cref="CallEnd"/>.</summary>
[GenerateSerializer, Immutable, Alias("campaigns.CallEndMessage")]
public sealed record CallEndMessage(
    [property: Id(0)] CallEndKind Kind,
    [property: Id(1)] string Detail,
    [property: Id(2)] TimeSpan Duration,
    [property: Id(3)] TimeSpan? FirstAudio,
    [property: Id(4)] bool PersonSpoke,
    [property: Id(5)] MachineKind? Machine,
    [property: Id(6)] bool MessageLeft,
    [property: Id(7)] string? RecordingFile,
    [property: Id(8)] long InputTextTokens,
    [property: Id(9)] long InputAudioTokens,
    [property: Id(10)] long OutputTextTokens,
    [property: Id(11)] long OutputAudioTokens,
    [property: Id(12)] int Underruns);
