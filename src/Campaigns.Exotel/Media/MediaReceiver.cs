using System.Net.WebSockets;
using Campaigns.Carrier;
using Microsoft.Extensions.Logging;

namespace Campaigns.Exotel.Media;

/// <summary>
/// Reads one socket and hands on what its messages say. What cannot be read is counted and left out, up to a limit; a stream beyond its limits
/// ends.
/// </summary>
internal sealed partial class MediaReceiver : IDisposable
{
    private readonly MediaLink link;
    private readonly MediaWatch watch;
    private readonly ExotelMediaOptions options;
    private readonly MediaInstruments instruments;
    private readonly ILogger logger;
    private readonly Action<WebSocketCloseStatus, MediaEndKind, string> close;
    private readonly MediaRate rate;
    private readonly ReceiveBuffer buffer;
    private readonly int requestedRate;
    private int malformed;
    private byte carried;
    private bool carrying;
    private bool gone;

    /// <summary>Reads a socket.</summary>
    /// <param name="link">The socket.</param>
    /// <param name="watch">Told of every arrival.</param>
    /// <param name="requestedRate">Hz asked for in the address.</param>
    /// <param name="options">Limits.</param>
    /// <param name="clock">Time.</param>
    /// <param name="instruments">Measures.</param>
    /// <param name="logger">Logs.</param>
    /// <param name="close">Ends the stream with a close frame; returns at once.</param>
    internal MediaReceiver(
        MediaLink link,
        MediaWatch watch,
        int requestedRate,
        ExotelMediaOptions options,
        TimeProvider clock,
        MediaInstruments instruments,
        ILogger logger,
        Action<WebSocketCloseStatus, MediaEndKind, string> close)
    {
        this.link = link;
        this.watch = watch;
        this.requestedRate = requestedRate;
        this.options = options;
        this.instruments = instruments;
        this.logger = logger;
        this.close = close;
        rate = new MediaRate(options, clock);
        buffer = new ReceiveBuffer(options.MaxMessageBytes);
    }

    /// <summary>How the stream began, once it has; its sample rate is one that there is.</summary>
    internal MediaStartMessage? Start { get; private set; }

    /// <summary>Told of every mark that comes back.</summary>
    internal Action? MarkReturned { get; set; }

    /// <summary>
    /// Reads until the stream has begun (<paramref name="sink"/> null), or until its end. Once the stream is over on our side it reads on without
    /// looking, for the carrier's answer to our close.
    /// </summary>
    internal async Task ReadAsync(IMediaSink? sink)
    {
        try
        {
            while (!gone)
            {
                buffer.Clear();
                ValueWebSocketReceiveResult part;
                do
                {
                    var free = buffer.Free();
                    if (free.IsEmpty)
                    {
                        instruments.OnMalformed("too_large");
                        close(WebSocketCloseStatus.MessageTooBig, MediaEndKind.Violated, $"A message is longer than {options.MaxMessageBytes} bytes.");
                        buffer.Clear();
                        free = buffer.Free();
                    }

                    part = await link.Socket.ReceiveAsync(free, CancellationToken.None);
                    watch.OnHeard();
                    buffer.Advance(part.Count);
                }
                while (!part.EndOfMessage && part.MessageType != WebSocketMessageType.Close);

                if (part.MessageType == WebSocketMessageType.Close)
                {
                    gone = true;
                    link.TryEnd(MediaEndKind.Lost, $"The carrier closed the socket ({(int?)link.Socket.CloseStatus}).");
                }
                else if (link.End is null && (Take(part.MessageType, sink) || (sink is null && Start is not null)))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (MediaLink.IsOfSocket(e))
        {
            // Faulted: frames or UTF-8 that the protocol forbids; the socket has answered with its own close.
            gone = true;
            var broken = e is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted };
            if (link.TryEnd(broken ? MediaEndKind.Violated : MediaEndKind.Lost, broken ? "The socket's protocol was broken." : "The connection broke.")
                && broken)
            {
                instruments.OnMalformed("protocol");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Dispose();

    // True: the carrier has ended the stream.
    private bool Take(WebSocketMessageType type, IMediaSink? sink)
    {
        var text = buffer.Message;
        var length = text.Length;
        var message = type == WebSocketMessageType.Text ? MediaReader.Read(text) : MediaMessage.Ignored;
        if (!rate.TryTake(message.Kind == MediaMessageKind.Media ? message.AudioLength : length, Start?.SampleRate ?? requestedRate))
        {
            instruments.OnMalformed("flood");
            close(WebSocketCloseStatus.PolicyViolation, MediaEndKind.Violated, "More came in than a conversation holds.");
            return false;
        }

        if (type != WebSocketMessageType.Text)
        {
            instruments.OnMalformed("binary");
            return false;
        }

        switch (message.Kind)
        {
            case MediaMessageKind.Malformed:
                OnMalformed(message.Fault);
                return false;
            case MediaMessageKind.Start:
                OnStart(message.Start!);
                return false;
            case MediaMessageKind.Stop:
                link.TryEnd(MediaEndKind.Stopped, message.Text!.Length == 0 ? "stop" : CarrierWords.Clean(message.Text, FieldText.MaxLength));
                return true;
            case MediaMessageKind.Ignored:
                return false;
            default:
                HandOn(in message, sink);
                return false;
        }
    }

    private void OnMalformed(MediaFault fault)
    {
        // How many bytes were lost is unknown: an odd byte kept from before would shift all that follows.
        carrying = false;
        instruments.OnMalformed(fault switch
        {
            MediaFault.NotJson => "not_json",
            MediaFault.NoEvent => "no_event",
            MediaFault.WrongType => "wrong_type",
            MediaFault.BadValue => "bad_value",
            _ => "bad_base64",
        });
        if (++malformed > options.MaxMalformed)
        {
            close(WebSocketCloseStatus.PolicyViolation, MediaEndKind.Violated, $"More than {options.MaxMalformed} messages could not be read.");
        }
    }

    private void OnStart(MediaStartMessage start)
    {
        if (Start is not null)
        {
            instruments.OnMalformed("second_start");
            return;
        }

        if (start.SampleRate != requestedRate)
        {
            LogRate(requestedRate, start.SampleRate);
        }

        Start = start.SampleRate == 0 ? start with { SampleRate = requestedRate } : start;
        watch.OnStarted();
    }

    private void HandOn(in MediaMessage message, IMediaSink? sink)
    {
        if (sink is null)
        {
            instruments.OnMalformed("before_start");
            return;
        }

        try
        {
            switch (message.Kind)
            {
                case MediaMessageKind.Media:
                    OnAudio(message.AudioOffset, message.AudioLength, sink);
                    break;
                case MediaMessageKind.Mark:
                    MarkReturned?.Invoke();
                    sink.OnMark(message.Text!);
                    break;
                default:
                    sink.OnDtmf(message.Digit);
                    break;
            }
        }
        catch (Exception e)
        {
            LogSinkFailed(e);
            close(WebSocketCloseStatus.InternalServerError, MediaEndKind.ClosedByUs, "What was read could not be taken.");
        }
    }

    private void OnAudio(int offset, int length, IMediaSink sink)
    {
        instruments.OnAudioIn(length);
        var text = buffer.Message;
        if (carrying && length > 0)
        {
            // There is always a byte before the audio: the quote of its JSON string.
            offset--;
            length++;
            text[offset] = carried;
            carrying = false;
        }

        if ((length & 1) != 0)
        {
            length--;
            carried = text[offset + length];
            carrying = true;
        }

        if (length > 0)
        {
            sink.OnAudio(text.Slice(offset, length));
        }
    }
}
