using System.Net;
using System.Net.Http.Headers;

namespace Campaigns.Exotel;

/// <summary>
/// A form that leaves this machine at most once, and knows whether it has. It is the last thing asked before the first byte is
/// sent, whatever queues and connection attempts came before, so it is also where "too late" is decided. An HTTP stack that would send a
/// request again after a broken connection fails here instead (.NET 10 does that, up to three times, with a POST that has no body; with a
/// body it does not, and here it cannot).
/// </summary>
internal sealed class SingleUseContent : HttpContent
{
    private readonly byte[] bytes;
    private readonly Func<bool> maySend;
    private int state;

    /// <param name="bytes">The urlencoded form.</param>
    /// <param name="maySend">Asked once, immediately before sending.</param>
    internal SingleUseContent(byte[] bytes, Func<bool> maySend)
    {
        this.bytes = bytes;
        this.maySend = maySend;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    private enum State
    {
        Unsent,
        Sent,
        TooLate,
        Closed,
    }

    /// <summary>Whether bytes may have left: from then on the carrier may have the request.</summary>
    internal bool Sent => Volatile.Read(ref state) == (int)State.Sent;

    /// <summary>Whether sending was refused because its time had passed.</summary>
    internal bool TooLate => Volatile.Read(ref state) == (int)State.TooLate;

    /// <summary>Forbids a later sending; what was sent stays sent.</summary>
    internal void Close() => Interlocked.CompareExchange(ref state, (int)State.Closed, (int)State.Unsent);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var next = maySend() ? State.Sent : State.TooLate;
        if (Interlocked.CompareExchange(ref state, (int)next, (int)State.Unsent) != (int)State.Unsent || next == State.TooLate)
        {
            throw new InvalidOperationException("The request must not be sent: it was sent before, given up or is too late.");
        }

        return stream.WriteAsync(bytes, cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
