using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CarrierSimulator;

/// <summary>
/// The bulk look-up: its filters, its order and its cursor. A cursor is opaque to clients and names the call at the page's edge.
/// </summary>
internal sealed record CallQuery
{
    private const int MaxSids = 100;
    private const int MaxNumbers = 5;
    private const int MaxPageSize = 100;
    private static readonly TimeSpan s_longestRange = TimeSpan.FromDays(31);

    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        "Sid", "DateCreated", "To", "From", "PhoneNumber", "Status", "Direction", "PageSize", "SortBy", "Before", "After",
        "RecordingUrlValidity",
    };

    private IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    private IReadOnlyList<string>? Sids { get; init; }

    private DateTimeOffset Since { get; init; }

    private DateTimeOffset Until { get; init; }

    private IReadOnlyList<string>? From { get; init; }

    private IReadOnlyList<string>? To { get; init; }

    private IReadOnlyList<string>? PhoneNumbers { get; init; }

    private IReadOnlyList<string>? Statuses { get; init; }

    private string? Direction { get; init; }

    private int PageSize { get; init; }

    private bool Ascending { get; init; }

    private long? Before { get; init; }

    private long? After { get; init; }

    public static CallQuery? Parse(IQueryCollection query, bool strict, DateTimeOffset now, out string error)
    {
        var errors = new List<string>();
        var given = query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal);
        foreach (var name in given.Keys.Where(k => strict && !s_known.Contains(k)))
        {
            errors.Add($"{name} is not a filter of this request");
        }

        var (since, until) = Range(given.GetValueOrDefault("DateCreated"), now, errors);
        var sort = given.GetValueOrDefault("SortBy", "DateCreated:desc");
        Check(sort is "DateCreated:asc" or "DateCreated:desc", "SortBy must be DateCreated:asc or DateCreated:desc");
        var pageSize = Number("PageSize", 50);
        Check(pageSize is >= 1 and <= MaxPageSize, $"PageSize must be 1 to {MaxPageSize}");
        Check(Number("RecordingUrlValidity", 5) is >= 5 and <= 60, "RecordingUrlValidity must be 5 to 60");
        Check(!given.ContainsKey("Before") || !given.ContainsKey("After"), "Before and After exclude each other");
        var result = new CallQuery
        {
            Parameters = [.. given.Where(g => g.Key is not ("Before" or "After"))],
            Sids = List("Sid", MaxSids),
            Since = since,
            Until = until,
            From = Numbers("From"),
            To = Numbers("To"),
            PhoneNumbers = Numbers("PhoneNumber"),
            Statuses = List("Status", int.MaxValue),
            Direction = given.GetValueOrDefault("Direction"),
            PageSize = pageSize,
            Ascending = sort == "DateCreated:asc",
            Before = Cursor("Before"),
            After = Cursor("After"),
        };
        error = string.Join("; ", errors);
        return errors.Count == 0 ? result : null;

        void Check(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(message);
            }
        }

        int Number(string name, int missing) =>
            !given.TryGetValue(name, out var text) ? missing
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

        IReadOnlyList<string>? List(string name, int max)
        {
            if (!given.TryGetValue(name, out var text))
            {
                return null;
            }

            var items = text.Split(',', StringSplitOptions.TrimEntries);
            Check(items.Length <= max, $"{name} takes at most {max} values");
            Check(items.All(i => i.Length > 0), $"{name} has an empty value");
            return items;
        }

        IReadOnlyList<string>? Numbers(string name) => List(name, MaxNumbers)?.Select(text =>
        {
            Check(PhoneNumber.TryNormalize(text, out var e164), $"{name} is not a phone number");
            return e164 ?? "";
        }).ToList();

        long? Cursor(string name)
        {
            if (!given.TryGetValue(name, out var text))
            {
                return null;
            }

            var bytes = new byte[text.Length];
            var valid = Convert.TryFromBase64String(text, bytes, out var length)
                & long.TryParse(
                    Encoding.ASCII.GetString(bytes, 0, length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence);
            Check(valid, $"{name} is not a cursor of this API");
            return sequence;
        }
    }

    public CallPage Run(Ledger ledger)
    {
        var candidates = Sids is null
            ? ledger.Entries.Where(e => e.Placed)
            : Sids.Distinct(StringComparer.Ordinal).Select(ledger.Find).OfType<LedgerEntry>();
        var matching = candidates.Where(Matches).OrderBy(Order).ToList();
        var start = After is { } after ? matching.FindIndex(e => Order(e) > Order(after))
            : Before is { } before ? Math.Max(0, matching.FindLastIndex(e => Order(e) < Order(before)) + 1 - PageSize)
            : 0;
        start = start < 0 ? matching.Count : start;
        var end = Before is { } edge ? matching.FindLastIndex(e => Order(e) < Order(edge)) + 1 : Math.Min(start + PageSize, matching.Count);
        var calls = matching[start..end];
        return new CallPage(
            calls, matching.Count, PageSize, Parameters,
            Previous: start > 0 && calls.Count > 0 ? calls[0].Sequence : null,
            Next: end < matching.Count && calls.Count > 0 ? calls[^1].Sequence : null);
    }

    private long Order(LedgerEntry entry) => Order(entry.Sequence);

    private long Order(long sequence) => Ascending ? sequence : -sequence;

    private bool Matches(LedgerEntry call) =>
        call.ReceivedAt >= Since && call.ReceivedAt <= Until
        && (From is null || From.Contains(call.Number))
        && (To is null || To.Contains(call.CallerId))
        && (PhoneNumbers is null || PhoneNumbers.Contains(call.CallerId))
        && (Statuses is null || Statuses.Contains(call.FinalStatus ?? "in-progress"))
        && (Direction is null or "outbound-api");

    /// <summary>gte:…;lte:… in the carrier's time; the last 31 days without it, and never more than a month.</summary>
    private static (DateTimeOffset Since, DateTimeOffset Until) Range(string? text, DateTimeOffset now, List<string> errors)
    {
        DateTimeOffset? since = null, until = null;
        foreach (var part in text?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            var valid = part.Length > 4 & CallView.TryParseIst(part.Length > 4 ? part[4..] : "", out var at);
            switch (part)
            {
                case ['g', 't', 'e', ':', ..] when valid:
                    since = at;
                    break;
                case ['l', 't', 'e', ':', ..] when valid:
                    // The text has whole seconds and the limit includes its own.
                    until = at + TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1);
                    break;
                default:
                    errors.Add("DateCreated must be gte:YYYY-MM-DD HH:mm:ss;lte:YYYY-MM-DD HH:mm:ss");
                    break;
            }
        }

        var last = until ?? now;
        var first = since ?? last - s_longestRange;
        if (last - first > s_longestRange + TimeSpan.FromSeconds(1))
        {
            errors.Add("DateCreated spans more than a month");
        }

        return (first, last);
    }
}

/// <summary>One page of a bulk look-up; Previous and Next are the sequences at its edges where there is more.</summary>
internal sealed record CallPage(
    IReadOnlyList<LedgerEntry> Calls,
    int Total,
    int PageSize,
    IReadOnlyList<KeyValuePair<string, string>> Parameters,
    long? Previous,
    long? Next)
{
    public WireObject Metadata(string path) => new()
    {
        { "Total", Total },
        { "PageSize", PageSize },
        { "FirstPageUri", Uri(path, "", null) },
        { "PrevPageUri", Previous is null ? null : Uri(path, "Before", Previous) },
        { "NextPageUri", Next is null ? null : Uri(path, "After", Next) },
    };

    private string Uri(string path, string cursor, long? sequence)
    {
        var parameters = sequence is null
            ? Parameters
            : Parameters.Append(
                new(cursor, Convert.ToBase64String(Encoding.ASCII.GetBytes(sequence.Value.ToString(CultureInfo.InvariantCulture)))));
        var query = string.Join(
            '&',
            parameters.Select(p => $"{System.Uri.EscapeDataString(p.Key)}={System.Uri.EscapeDataString(p.Value)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }
}
