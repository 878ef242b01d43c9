using Campaigns.Carrier;
using Campaigns.Grains;
using Microsoft.AspNetCore.WebUtilities;

namespace Campaigns.Exotel;

/// <summary>Writes the queries of call details and reads their answers.</summary>
internal static class ExotelLookUpCodec
{
    /// <summary>Most ids in one query, and most calls on one page (Exotel's limits).</summary>
    internal const int PageSize = 100;

    /// <summary>Query for calls by id.</summary>
    internal static string BySids(IEnumerable<string> sids) => $"Sid={Uri.EscapeDataString(string.Join(',', sids))}&PageSize={PageSize}";

    /// <summary>Query for outbound calls to one number created between two times (whole seconds, the later one rounded up).</summary>
    internal static string ByNumber(string number, DateTimeOffset from, DateTimeOffset to, TimeSpan utcOffset)
    {
        var created = $"gte:{ExotelTime.Format(from, utcOffset)};lte:{ExotelTime.Format(CeilToSecond(to), utcOffset)}";
        return $"From={Uri.EscapeDataString(number)}&DateCreated={Uri.EscapeDataString(created)}&PageSize={PageSize}";
    }

    /// <summary>The calls of one page; null when the answer is no list of calls.</summary>
    internal static IReadOnlyList<Found>? Read(ExotelFields fields, TimeSpan utcOffset)
    {
        if (!fields.Has("Calls"))
        {
            return null;
        }

        var calls = new List<Found>();
        for (var i = 0; fields.Has($"Calls[{i}]"); i++)
        {
            // Each item is the call itself, or an object that holds it.
            var at = fields.Has($"Calls[{i}][Call]") ? $"Calls[{i}][Call]" : $"Calls[{i}]";
            if (ReadCall(fields, at, utcOffset) is { } call)
            {
                calls.Add(call);
            }
        }

        return calls;
    }

    /// <summary>One call's fields under <paramref name="at"/>; null without an id.</summary>
    internal static Found? ReadCall(ExotelFields fields, string at, TimeSpan utcOffset)
    {
        if (ExotelCallCodec.Sid(fields[$"{at}[Sid]"]) is not { } sid)
        {
            return null;
        }

        var status = fields[$"{at}[Status]"];
        var (kind, outcome) = ExotelStatus.Read(status);
        var from = fields[$"{at}[From]"];
        var call = new CarrierCall(
            sid,
            ExotelPhone.TryParse(from, out var phone) ? phone : from ?? "",
            kind,
            outcome,
            ExotelTime.Parse(fields[$"{at}[DateCreated]"], utcOffset),
            fields.Seconds($"{at}[Details][ConversationDuration]")
                ?? fields.Seconds($"{at}[ConversationDuration]")
                ?? fields.Seconds($"{at}[Duration]"),
            RecordingUrl(fields[$"{at}[RecordingUrl]"]),
            status is null ? null : CarrierWords.Clean(status, 100));
        return new Found(call, fields[$"{at}[Direction]"]);
    }

    /// <summary>
    /// The cursor parameters of the next page (<c>After</c> or <c>Before</c>), or null on the last. Only they are taken: where to ask, and with
    /// which credentials, is not for an answer to say.
    /// </summary>
    internal static string? NextCursor(ExotelFields fields)
    {
        var uri = fields["Metadata[NextPageUri]"] ?? fields["NextPageUri"];
        var mark = uri?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        if (mark < 0)
        {
            return null;
        }

        var cursor = QueryHelpers.ParseQuery(uri![mark..])
            .Where(p => p.Key.StartsWith("After", StringComparison.OrdinalIgnoreCase)
                || p.Key.StartsWith("Before", StringComparison.OrdinalIgnoreCase))
            .Where(p => !string.IsNullOrEmpty(p.Value))
            .Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value.ToString())}")
            .Order(StringComparer.Ordinal)
            .ToArray();
        return cursor.Length == 0 ? null : string.Join('&', cursor);
    }

    /// <summary>An absolute web address of at most 2,048 characters, or null.</summary>
    internal static string? RecordingUrl(string? text)
        => text is { Length: <= 2_048 }
            && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
                ? text
                : null;

    /// <summary>The time, rounded up to a whole second.</summary>
    internal static DateTimeOffset CeilToSecond(DateTimeOffset time)
        => time.Ticks % TimeSpan.TicksPerSecond == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - (time.Ticks % TimeSpan.TicksPerSecond));

    /// <summary>A call with its direction, which only the search needs.</summary>
    internal sealed record Found(CarrierCall Call, string? Direction)
    {
        /// <summary>Whether we placed it; an unknown direction may be ours.</summary>
        internal bool MayBeOurs => Direction is null || Direction.StartsWith("outbound", StringComparison.OrdinalIgnoreCase);

    }
}
