using System.Collections.Immutable;

namespace Campaigns.Carrier;

/// <summary>
/// The audio of one answered call: what the person says comes out, what the agent says goes in. PCM16 little-endian, mono, at
/// <see cref="MediaStart.SampleRate"/>. Sends may be called from several places; they go out whole and in the order of the calls.
/// Every send fails with <see cref="MediaClosedException"/> once the leg is over, also when the carrier takes nothing for five seconds.
/// </summary>
public interface IMediaLeg
{
    /// <summary>What the carrier told when the stream began.</summary>
    MediaStart Start { get; }

    /// <summary>
    /// Reads until the stream is over, handing everything to <paramref name="sink"/> from one loop. Called once. Ends without an exception
    /// however the stream ends; cancelling closes the socket, which hangs up.
    /// </summary>
    Task<MediaEnd> RunAsync(IMediaSink sink, CancellationToken cancellationToken);

    /// <summary>Sends one chunk, a multiple of 320 bytes, at most 100,000. The memory may be reused when the task is done.</summary>
    ValueTask SendAudioAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken);

    /// <summary>Asks to be told when everything sent before has been played.</summary>
    ValueTask SendMarkAsync(string name, CancellationToken cancellationToken);

    /// <summary>Drops what the carrier has been sent and has not begun to play.</summary>
    ValueTask SendClearAsync(CancellationToken cancellationToken);

    /// <summary>Closes the socket, which hangs up. <see cref="RunAsync"/> then ends with <see cref="MediaEndKind.ClosedByUs"/>.</summary>
    ValueTask CloseAsync(string reason);
}

/// <summary>Takes what a media leg reads. Called from the leg's read loop, one call at a time: it must return at once and must not throw.</summary>
public interface IMediaSink
{
    /// <summary>Speech of the person; the span is valid during the call only.</summary>
    /// <param name="pcm">PCM16 little-endian at the leg's rate; whole samples.</param>
    void OnAudio(ReadOnlySpan<byte> pcm);

    /// <summary>Everything sent before the mark of this name has been played (or dropped by a clear, with some carriers).</summary>
    void OnMark(string name);

    /// <summary>The person pressed a key: <c>0</c>–<c>9</c>, <c>*</c>, <c>#</c>.</summary>
    void OnDtmf(char digit);
}

/// <summary>The beginning of a media stream, ids normalised.</summary>
/// <param name="StreamSid">The carrier's id of the stream.</param>
/// <param name="CallSid">The carrier's id of the call.</param>
/// <param name="From">As told, any notation; empty if not told.</param>
/// <param name="To">As told, any notation; empty if not told.</param>
/// <param name="SampleRate">Hz: 8,000, 16,000 or 24,000.</param>
/// <param name="CustomParameters">What the stream's address carried.</param>
public sealed record MediaStart(
    string StreamSid, string CallSid, string From, string To, int SampleRate, ImmutableDictionary<string, string> CustomParameters);

/// <summary>How a media stream ended.</summary>
/// <param name="Kind">Who ended it.</param>
/// <param name="Detail">The carrier's reason or the error, for people.</param>
public sealed record MediaEnd(MediaEndKind Kind, string Detail);

/// <summary>Who ended a media stream.</summary>
public enum MediaEndKind
{
    /// <summary>The carrier said stop: the person hung up, or the stream's time was over.</summary>
    Stopped,

    /// <summary>We closed it.</summary>
    ClosedByUs,

    /// <summary>The connection broke, or the carrier closed it without a word.</summary>
    Lost,

    /// <summary>The other side broke the protocol or its limits beyond what is tolerated.</summary>
    Violated,
}

/// <summary>The media leg is over; nothing can be sent.</summary>
public sealed class MediaClosedException : Exception
{
    /// <summary>The media leg is over.</summary>
    public MediaClosedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Takes over a media leg whose stream has begun: the call itself.</summary>
public interface IMediaCalls
{
    /// <summary>
    /// Runs the call of a session on its leg; returns when the call is over. The socket is closed afterwards by the caller.
    /// </summary>
    /// <param name="sessionId">The session whose secret the socket showed.</param>
    /// <param name="leg">The leg, its stream begun.</param>
    /// <param name="cancellationToken">The host stops: the call ends as interrupted by us.</param>
    /// <returns>Why the leg was refused (session over, second socket, another call's id), or null when the call ran.</returns>
    Task<string?> RunAsync(Guid sessionId, IMediaLeg leg, CancellationToken cancellationToken);

    /// <summary>Runs an inbound call to an agent whose secret the socket showed.</summary>
    /// <param name="agentId">The agent that answers.</param>
    /// <param name="leg">The leg, its stream begun.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>Why the leg was refused (no usable caller number, caller on another call), or null when the call ran.</returns>
    Task<string?> RunInboundAsync(Guid agentId, IMediaLeg leg, CancellationToken cancellationToken);
}
