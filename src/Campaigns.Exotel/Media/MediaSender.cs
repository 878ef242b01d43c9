using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using Campaigns.Carrier;

namespace Campaigns.Exotel.Media;

/// <summary>Sends our messages on one socket: whole, in the order of the calls, and never longer than the carrier may take nothing.</summary>
internal sealed class MediaSender : IDisposable
{
    private const long NotSending = long.MinValue;

    // What a close frame can hold.
    private const int MaxCloseText = 123;

    private readonly SendGate gate = new();
    private readonly MediaLink link;
    private readonly TimeSpan timeout;
    private readonly TimeProvider clock;
    private readonly MediaInstruments instruments;
    private readonly ITimer timer;
    private long sendingSince = NotSending;
    private int marksPending;

    internal MediaSender(MediaLink link, ExotelMediaOptions options, TimeProvider clock, MediaInstruments instruments)
    {
        this.link = link;
        this.clock = clock;
        this.instruments = instruments;
        timeout = options.SendTimeout;
        timer = clock.CreateTimer(static sender => ((MediaSender)sender!).CheckTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private enum Outgoing
    {
        Audio,
        Mark,
        Clear,
    }

    /// <summary>How our messages are written; set when the stream has begun, before anything is sent.</summary>
    internal MediaWriter? Writer { get; set; }

    internal ValueTask SendAudioAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken)
        => SendAsync(Outgoing.Audio, pcm, "", cancellationToken);

    internal ValueTask SendMarkAsync(string name, CancellationToken cancellationToken)
        => SendAsync(Outgoing.Mark, default, name, cancellationToken);

    internal ValueTask SendClearAsync(CancellationToken cancellationToken) => SendAsync(Outgoing.Clear, default, "", cancellationToken);

    /// <summary>Sends the close frame behind what is being sent. Never throws: a socket that cannot be closed is aborted.</summary>
    internal async Task SendCloseAsync(WebSocketCloseStatus status, string? text)
    {
        await gate.EnterAsync(CancellationToken.None);
        try
        {
            if (link.Socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await link.Socket.CloseOutputAsync(status, Shorten(text), CancellationToken.None);
            }
        }
        catch (Exception e) when (MediaLink.IsOfSocket(e))
        {
            link.Abort();
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>A mark of ours has come back.</summary>
    internal void OnMarkReturned()
    {
        // The carrier may tell of marks that were never sent.
        if (Interlocked.Decrement(ref marksPending) < 0)
        {
            Interlocked.Increment(ref marksPending);
        }
        else
        {
            instruments.OnMarks(-1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        instruments.OnMarks(-Interlocked.Exchange(ref marksPending, 0));
    }

    private static string? Shorten(string? text)
    {
        if (text is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxCloseText];
        Encoding.UTF8.GetEncoder().Convert(text, bytes, flush: false, out _, out var used, out _);
        return Encoding.UTF8.GetString(bytes[..used]);
    }

    // Pooled: a send that has to wait allocates nothing in the long run either.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(Outgoing what, ReadOnlyMemory<byte> pcm, string name, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        await gate.EnterAsync(cancellationToken);
        byte[]? buffer = null;
        try
        {
            ThrowIfOver();
            var writer = Writer ?? throw new MediaClosedException("The stream has not begun.");
            buffer = ArrayPool<byte>.Shared.Rent(Room(writer, what, pcm.Length, name));
            var length = Write(writer, what, pcm.Span, name, buffer);

            if (what == Outgoing.Mark)
            {
                // Before the send: the mark may be back before the send's task is.
                Interlocked.Increment(ref marksPending);
                instruments.OnMarks(1);
            }

            // Not the caller's token: a message goes out whole, or the socket is over.
            var sending = link.Socket.SendAsync(buffer.AsMemory(0, length), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            if (!sending.IsCompleted)
            {
                Volatile.Write(ref sendingSince, clock.GetTimestamp());
                timer.Change(timeout, Timeout.InfiniteTimeSpan);
            }

            await sending;
            if (what == Outgoing.Audio)
            {
                instruments.OnAudioOut(pcm.Length);
            }
        }
        catch (Exception e) when (MediaLink.IsOfSocket(e))
        {
            link.TryEnd(MediaEndKind.Lost, "The connection broke while sending.");
            link.Abort();
            throw new MediaClosedException(link.End!.Detail, e);
        }
        finally
        {
            Volatile.Write(ref sendingSince, NotSending);
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            gate.Exit();
        }
    }

    private static int Room(MediaWriter writer, Outgoing what, int bytes, string name) => what switch
    {
        Outgoing.Audio => writer.AudioRoom(bytes),
        Outgoing.Mark => writer.MarkRoom(name),
        _ => writer.ClearRoom,
    };

    private static int Write(MediaWriter writer, Outgoing what, ReadOnlySpan<byte> pcm, string name, Span<byte> into) => what switch
    {
        Outgoing.Audio => writer.WriteAudio(pcm, into),
        Outgoing.Mark => writer.WriteMark(name, into),
        _ => writer.WriteClear(into),
    };

    private void ThrowIfOver()
    {
        if (link.End is { } end)
        {
            throw new MediaClosedException(end.Detail);
        }
    }

    private void CheckTime()
    {
        var since = Volatile.Read(ref sendingSince);
        if (since == NotSending)
        {
            return;
        }

        // The timer is armed once per send that waits; it may fire late, for one that has gone out, while the next is under way.
        var rest = timeout - clock.GetElapsedTime(since);
        if (rest > TimeSpan.Zero)
        {
            timer.Change(rest, Timeout.InfiniteTimeSpan);
            return;
        }

        if (link.TryEnd(MediaEndKind.Lost, $"The carrier took nothing for {timeout.TotalSeconds:0.#} s."))
        {
            instruments.OnSendTimeout();
        }

        link.Abort();
    }
}
