namespace CarrierSimulator;

/// <summary>Two calls to one number that were live at the same time.</summary>
public sealed record Overlap(string Number, string FirstCallSid, string SecondCallSid);

/// <summary>What a set of ledger entries adds up to.</summary>
public sealed record LedgerSummary
{
    /// <summary>Connect requests that passed validation.</summary>
    public required int Requests { get; init; }

    /// <summary>Requests that made a phone ring, or tried to.</summary>
    public required int Dials { get; init; }

    public required int DistinctNumbers { get; init; }

    /// <summary>Calls live now.</summary>
    public required int Live { get; init; }

    /// <summary>Most calls live at any one instant, from placing to end.</summary>
    public required int MaxConcurrent { get; init; }

    /// <summary>Most dials in any rolling minute, counting [t, t + 60 s).</summary>
    public required int MaxDialsPerMinute { get; init; }

    /// <summary>Every pair of calls to one number that were live at once: someone was called while on the phone.</summary>
    public required IReadOnlyList<Overlap> Overlaps { get; init; }

    /// <summary>Dials per CustomField; a session that was dialled twice shows here. Dials without one are under "".</summary>
    public required IReadOnlyDictionary<string, int> DialsByCustomField { get; init; }

    /// <summary>Dials per number.</summary>
    public required IReadOnlyDictionary<string, int> DialsByNumber { get; init; }

    /// <summary>Ended calls per terminal status.</summary>
    public required IReadOnlyDictionary<string, int> FinalStatuses { get; init; }

    /// <summary>
    /// Exact for any subset of one ledger: the order of placings and ends is recorded, so no two clock readings are compared.
    /// </summary>
    public static LedgerSummary Of(IEnumerable<LedgerEntry> entries)
    {
        var all = entries.ToList();
        var dials = all.Where(e => e.Placed).OrderBy(e => e.PlacedEvent).ToList();
        var edges = dials.Select(e => (At: e.PlacedEvent, Starts: true, Entry: e))
            .Concat(dials.Where(e => e.EndedEvent > 0).Select(e => (At: e.EndedEvent, Starts: false, Entry: e)))
            .OrderBy(edge => edge.At);

        var (live, most) = (0, 0);
        var liveByNumber = new Dictionary<string, List<LedgerEntry>>(StringComparer.Ordinal);
        var overlaps = new List<Overlap>();
        foreach (var (_, starts, entry) in edges)
        {
            if (!liveByNumber.TryGetValue(entry.Number, out var others))
            {
                liveByNumber[entry.Number] = others = [];
            }

            if (!starts)
            {
                live--;
                others.Remove(entry);
                continue;
            }

            overlaps.AddRange(others.Select(other => new Overlap(entry.Number, other.CallSid!, entry.CallSid!)));
            others.Add(entry);
            most = Math.Max(most, ++live);
        }

        return new LedgerSummary
        {
            Requests = all.Count,
            Dials = dials.Count,
            DistinctNumbers = liveByNumber.Count,
            Live = live,
            MaxConcurrent = most,
            MaxDialsPerMinute = MostPerMinute(dials),
            Overlaps = overlaps,
            DialsByCustomField = Count(dials, e => e.CustomField ?? ""),
            DialsByNumber = Count(dials, e => e.Number),
            FinalStatuses = Count(dials.Where(e => e.FinalStatus is not null), e => e.FinalStatus!),
        };
    }

    private static int MostPerMinute(List<LedgerEntry> dials)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < dials.Count; last++)
        {
            while (dials[last].ReceivedAt - dials[first].ReceivedAt >= TimeSpan.FromMinutes(1))
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private static Dictionary<string, int> Count(IEnumerable<LedgerEntry> dials, Func<LedgerEntry, string> key) =>
        dials.CountBy(key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
