using System.Buffers;

namespace Campaigns.Exotel;

/// <summary>How the reading of a body ended.</summary>
internal enum BodyEnd
{
    /// <summary>To its last byte.</summary>
    Complete,

    /// <summary>Longer than allowed; what is beyond was not read.</summary>
    TooLarge,

    /// <summary>The connection broke, or the reading was cancelled.</summary>
    Broken,
}

/// <summary>A body read up to a limit.</summary>
/// <param name="Bytes">What arrived, at most the limit.</param>
/// <param name="End">How it ended.</param>
internal readonly record struct BoundedBody(ReadOnlyMemory<byte> Bytes, BodyEnd End)
{
    /// <summary>
    /// Reads to the end, the limit, the break or the cancellation, whichever comes first. Throws for none of them: what arrived may be enough,
    /// and whoever minds a cancellation asks the token.
    /// </summary>
    internal static async Task<BoundedBody> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var collected = new ArrayBufferWriter<byte>(Math.Min(limit, 4_096));
        try
        {
            while (true)
            {
                // One byte more than allowed tells "too large" from "exactly full".
                var room = Math.Min(limit + 1 - collected.WrittenCount, 16_384);
                var read = await stream.ReadAsync(collected.GetMemory(room)[..room], cancellationToken);
                if (read == 0)
                {
                    return new(collected.WrittenMemory, BodyEnd.Complete);
                }

                collected.Advance(read);
                if (collected.WrittenCount > limit)
                {
                    return new(collected.WrittenMemory[..limit], BodyEnd.TooLarge);
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            return new(collected.WrittenMemory, BodyEnd.Broken);
        }
    }
}
