using System.Net.WebSockets;
using Campaigns.Carrier;
using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel.Media;

/// <summary>The media leg of one call on one accepted socket.</summary>
internal sealed class MediaConnection : IMediaLeg
{
    private const int MaxMarkName = FieldText.MaxLength;

    private readonly MediaLink link;
    private readonly ExotelMediaOptions options;
    private readonly MediaWatch watch;
    private readonly MediaSender sender;
    private readonly MediaReceiver receiver;
    private readonly MediaInstruments instruments;
    private readonly ITimer closeTimer;
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MediaStart? start;
    private Task? reading;
    private int closing;
    private int ran;

    /// <summary>Takes over a socket.</summary>
    /// <param name="link">The socket, just accepted.</param>
    /// <param name="requestedRate">Hz asked for in the address.</param>
    /// <param name="options">Limits.</param>
    /// <param name="clock">Time.</param>
    /// <param name="instruments">Measures.</param>
    /// <param name="logger">Logs.</param>
    internal MediaConnection(
        MediaLink link, int requestedRate, ExotelMediaOptions options, TimeProvider clock, MediaInstruments instruments, ILogger logger)
    {
        this.link = link;
        this.options = options;
        this.instruments = instruments;
        closeTimer = clock.CreateTimer(
            static l => ((MediaLink)l!).Abort(), link, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        sender = new MediaSender(link, options, clock, instruments);
        watch = new MediaWatch(options, clock, OnTimeout);
        receiver = new MediaReceiver(link, watch, requestedRate, options, clock, instruments, logger, BeginClose) { MarkReturned = sender.OnMarkReturned };
    }

    /// <inheritdoc/>
    public MediaStart Start => start ?? throw new InvalidOperationException("The stream has not begun.");

    /// <summary>How it ended; null while it lives.</summary>
    internal MediaEnd? End => link.End;

    /// <summary>Reads until the stream has begun; false: it ended before.</summary>
    internal async Task<bool> ReadStartAsync()
    {
        await receiver.ReadAsync(sink: null);
        if (receiver.Start is not { } told || link.End is not null)
        {
            return false;
        }

        sender.Writer = new MediaWriter(told.StreamSid, told.Style, told.SampleRate, options.SequenceFields);
        start = new MediaStart(told.StreamSid, told.CallSid, told.From, told.To, told.SampleRate, told.CustomParameters);
        return true;
    }

    /// <inheritdoc/>
    public async Task<MediaEnd> RunAsync(IMediaSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (Interlocked.Exchange(ref ran, 1) == 1)
        {
            throw new InvalidOperationException("A media leg runs once.");
        }

        await using (cancellationToken.UnsafeRegister(
            static leg => ((MediaConnection)leg!).BeginClose(WebSocketCloseStatus.EndpointUnavailable, MediaEndKind.ClosedByUs, "Cancelled."), this))
        {
            await (reading = receiver.ReadAsync(sink));
        }

        return link.End!;
    }

    /// <inheritdoc/>
    public ValueTask SendAudioAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken)
    {
        MediaWriter.CheckAudio(pcm.Length);
        return sender.SendAudioAsync(pcm, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SendMarkAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxMarkName, nameof(name));
        return sender.SendMarkAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SendClearAsync(CancellationToken cancellationToken) => sender.SendClearAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CloseAsync(string reason)
    {
        BeginClose(WebSocketCloseStatus.NormalClosure, MediaEndKind.ClosedByUs, reason);
        return new ValueTask(closed.Task);
    }

    /// <summary>
    /// Ends the stream and sends a close frame, once; returns at once. The carrier has <see cref="ExotelMediaOptions.CloseTimeout"/> to answer,
    /// what is still being sent included.
    /// </summary>
    internal void BeginClose(WebSocketCloseStatus status, MediaEndKind kind, string detail)
    {
        link.TryEnd(kind, detail);
        if (Interlocked.Exchange(ref closing, 1) == 0)
        {
            closeTimer.Change(options.CloseTimeout, Timeout.InfiniteTimeSpan);
            _ = SendCloseAsync(status, status == WebSocketCloseStatus.NormalClosure ? null : detail);
        }
    }

    /// <summary>Closes if nobody has, waits for the carrier's answer within its time, and lets go of everything.</summary>
    internal async Task FinishAsync(WebSocketCloseStatus status, string detail)
    {
        BeginClose(status, MediaEndKind.ClosedByUs, detail);
        try
        {
            await closed.Task;
            if (reading is { IsCompleted: false } running)
            {
                await running;
            }

            await receiver.ReadAsync(sink: null);
        }
        finally
        {
            var elapsed = watch.Elapsed;
            closeTimer.Dispose();
            watch.Dispose();
            sender.Dispose();
            receiver.Dispose();
            link.Release();
            instruments.OnEnded(link.End!.Kind, elapsed);
        }
    }

    private async Task SendCloseAsync(WebSocketCloseStatus status, string? text)
    {
        try
        {
            await sender.SendCloseAsync(status, text);
        }
        finally
        {
            closed.SetResult();
        }
    }

    private void OnTimeout(MediaTimeout timeout)
    {
        switch (timeout)
        {
            case MediaTimeout.Start:
                BeginClose(WebSocketCloseStatus.PolicyViolation, MediaEndKind.Violated, $"No start within {options.StartTimeout.TotalSeconds:0.#} s.");
                break;
            case MediaTimeout.Idle:
                BeginClose(
                    WebSocketCloseStatus.PolicyViolation, MediaEndKind.Lost, $"Nothing came for {options.IdleTimeout.TotalSeconds:0.#} s.");
                break;
            default:
                BeginClose(
                    WebSocketCloseStatus.NormalClosure, MediaEndKind.ClosedByUs, $"The stream lasted {options.LongestStream.TotalMinutes:0.#} min.");
                break;
        }
    }
}
