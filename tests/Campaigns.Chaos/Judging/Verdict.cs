namespace Campaigns.Chaos.Judging;

/// <summary>All that was found wrong with a run.</summary>
public sealed record Verdict
{
    public required IReadOnlyList<Complaint> Duplicates { get; init; }

    public required IReadOnlyList<Complaint> Lost { get; init; }

    public required IReadOnlyList<Complaint> Exceeded { get; init; }

    public required PlayoutFindings Playout { get; init; }

    /// <summary>What was seen while it happened: health that was not true, campaigns that did not go on.</summary>
    public required IReadOnlyList<string> Seen { get; init; }

    public bool IsClean => Complaints.Count == 0;

    /// <summary>Every breach, in words; what was the machine's doing is none.</summary>
    public IReadOnlyList<string> Complaints =>
    [
        .. Duplicates.Select(c => $"called twice: {c.Phone}: {c.Text}"),
        .. Lost.Select(c => $"lost: {c.Phone} {c.Text}"),
        .. Exceeded.Select(c => $"cap: {c.Text}"),
        .. Playout.Ours.Select(c => $"sound: {c.Phone} at {c.At:HH:mm:ss.fff}: {c.Text}"),
        .. Seen,
    ];

    public static Verdict Of(RunFacts facts, IReadOnlyList<string> seen) => new()
    {
        Duplicates = [.. DialJudge.Duplicates(facts)],
        Lost = [.. LossJudge.Lost(facts)],
        Exceeded = [.. CapJudge.Exceeded(facts)],
        Playout = PlayoutJudge.Judge(facts),
        Seen = seen,
    };
}
