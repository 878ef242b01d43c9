using System.Net;
using System.Net.Http.Headers;

namespace Campaigns.Exotel;

/// <summary>One HTTP answer of the carrier, as far as it arrived.</summary>
/// <param name="Status">The status code.</param>
/// <param name="RetryAfter">How long the carrier wants to be left alone, from now; null when it did not say.</param>
/// <param name="Body">The body, cut at the limit or where the connection broke.</param>
internal sealed record ExotelAnswer(HttpStatusCode Status, TimeSpan? RetryAfter, BoundedBody Body)
{
    /// <summary>
    /// No wish of the carrier holds an account up for longer than this: a wrong clock in a date must not stop a day's calls.
    /// </summary>
    internal static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private ExotelFields? fields;
    private bool read;

    /// <summary>The body's fields, JSON or XML; null when it is neither.</summary>
    internal ExotelFields? Fields
    {
        get
        {
            if (!read)
            {
                read = true;
                var text = Body.Bytes[^Body.Bytes.Span.TrimStart("\uFEFF \t\r\n"u8).Length..];
                fields = text.Span.StartsWith("<"u8) ? XmlFields.TryRead(text) : JsonFields.TryRead(text);
            }

            return fields;
        }
    }

    /// <summary>Whether the carrier itself speaks of an error (and not a proxy in front of it).</summary>
    internal bool HasRestException => Fields?.Has("RestException") == true;

    /// <summary>The status code with the carrier's message, at most 300 characters.</summary>
    internal string Words
    {
        get
        {
            var message = Fields?["RestException[Message]"]
                ?? Fields?["response[error_data][description]"]
                ?? Fields?["response[error_data][message]"];
            var code = Fields?["RestException[Code]"] ?? Fields?["response[error_data][code]"];
            return CarrierWords.Clean($"HTTP {(int)Status}{(code is null ? "" : $" code {code}")}{(message is null ? "" : $": {message}")}", 300);
        }
    }

    /// <summary>Reads <c>Retry-After</c>, seconds or date.</summary>
    internal static TimeSpan? ReadRetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wish = header?.Delta ?? (header?.Date - now);
        return wish is not { } span ? null : span < TimeSpan.Zero ? TimeSpan.Zero : span > LongestRetryAfter ? LongestRetryAfter : span;
    }
}
