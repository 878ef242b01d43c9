using System.Net;
using Campaigns.Carrier;

namespace Campaigns.Exotel;

/// <summary>
/// Reads the answer to "place call". Exotel has no idempotency key, so only a clear refusal counts as one; everything else that is not a
/// call id is ambiguous, because the phone may be ringing.
/// </summary>
internal static class ExotelCallCodec
{
    private const int LongestSid = 64;

    /// <summary>What the answer means.</summary>
    internal static PlaceCallResult Read(ExotelAnswer answer)
        => (int)answer.Status switch
        {
            >= 200 and < 300 => ReadSuccess(answer),
            429 => new PlaceCallResult.RejectedForNow(answer.RetryAfter, answer.Words),
            >= 400 and < 500 => ReadRefusal(answer),
            _ => new PlaceCallResult.Ambiguous(answer.Words),
        };

    /// <summary>The carrier's id of a call in normal form; null when the text can be no id.</summary>
    internal static string? Sid(string? text)
        => text is { Length: > 0 and <= LongestSid } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? text : null;

    private static PlaceCallResult ReadSuccess(ExotelAnswer answer)
        => Sid(answer.Fields?["Call[Sid]"]) is { } sid
            ? new PlaceCallResult.Accepted(sid)
            : new PlaceCallResult.Ambiguous((answer.Fields, answer.Body.End) switch
            {
                (not null, _) => $"{answer.Words}, no call id",
                (_, BodyEnd.Complete) => $"{answer.Words}, unreadable answer",
                (_, BodyEnd.TooLarge) => $"{answer.Words}, answer too large",
                _ => $"{answer.Words}, answer broken off",
            });

    private static PlaceCallResult ReadRefusal(ExotelAnswer answer)
    {
        if (IsThrottle(answer))
        {
            return new PlaceCallResult.RejectedForNow(answer.RetryAfter, answer.Words);
        }

        return answer.Status switch
        {
            // Exotel refuses a person on the do-not-disturb registry with a 403 about that number: no fault of the account.
            HttpStatusCode.Forbidden when Says(answer, "NDNC") || Says(answer, "DND") => new PlaceCallResult.Rejected(answer.Words),
            HttpStatusCode.Unauthorized or HttpStatusCode.PaymentRequired or HttpStatusCode.Forbidden
                => new PlaceCallResult.CarrierUnavailable(answer.Words),

            // By their meaning the request was not acted upon, whoever says so.
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone
                or HttpStatusCode.LengthRequired or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.RequestUriTooLong
                or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity => new PlaceCallResult.Rejected(answer.Words),

            // 408 and 499: somebody on the way stopped waiting, the carrier may have gone on. 409: the call may already be there.
            // 425: the request may be under way a second time.
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or (HttpStatusCode)425 or (HttpStatusCode)499
                => new PlaceCallResult.Ambiguous(answer.Words),
            _ when answer.HasRestException => new PlaceCallResult.Rejected(answer.Words),
            _ => new PlaceCallResult.Ambiguous(answer.Words),
        };
    }

    // The stream limit of an account is apart from its rate limit, and how it is told is not documented: the words decide.
    private static bool IsThrottle(ExotelAnswer answer)
        => Says(answer, "too many requests")
            || Says(answer, "rate limit")
            || (Says(answer, "stream") && (Says(answer, "concurren") || Says(answer, "throttl") || Says(answer, "active stream")));

    private static bool Says(ExotelAnswer answer, string words)
        => answer.Fields?["RestException[Message]"]?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
