using System.Text;
using CarrierSimulator;
using LiveModelSimulator;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>Everything there is to know of one contact's calls: both ledgers, the database, the file.</summary>
public sealed record CallFacts
{
    public required Pair Pair { get; init; }

    public required IReadOnlyList<LedgerEntry> Dials { get; init; }

    public required IReadOnlyList<SessionEntry> Model { get; init; }

    public required ContactRow Contact { get; init; }

    public required IReadOnlyList<SessionRow> Sessions { get; init; }

    public required IReadOnlyList<TurnRow> Turns { get; init; }

    public required IReadOnlyList<string> Facts { get; init; }

    public required bool DoNotCall { get; init; }

    /// <summary>How often the host said that it concluded each session, and that the conclusion counted.</summary>
    public required int Conclusions { get; init; }

    /// <summary>When the machine stood still.</summary>
    public required IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Stalls { get; init; }

    public required string RecordingFolder { get; init; }

    /// <summary>What the person heard and said; the only one, once the dials have been judged.</summary>
    public Conversation Talk => Dials[^1].Conversation!;

    /// <summary>
    /// The machine was late during this call: the line's clock, which counts samples, fell behind the wall's, or sound came late for no other
    /// reason. What was heard when is then the machine's doing.
    /// </summary>
    public bool IsStarved
    {
        get
        {
            var dial = Dials[^1];
            if (dial is not { EndedAt: not null, Conversation.EndedMs: not null })
            {
                return false;
            }

            var wall = (dial.EndedAt!.Value - dial.AnsweredAt!.Value).TotalMilliseconds;
            return Stalls.Any(s => s.To > dial.AnsweredAt && s.From < dial.EndedAt)
                || Math.Abs(wall - Talk.EndedMs!.Value) > 400
                || Sessions.Any(s => s.Underruns > 0) && !Pair.Fault.Marker.Contains("audio", StringComparison.Ordinal)
                || Talk.Gaps.Any(g => g.Ms < 1000 && !Talk.Clears.Any(c => Math.Abs(c.AtMs - g.AtMs) < 300));
        }
    }

    public SessionRow Session => Sessions[^1];

    /// <summary>What the model said over all its connections, in order.</summary>
    public IReadOnlyList<SaidRecord> ModelSaid => [.. Model.SelectMany(s => s.Said).OrderBy(s => s.At)];

    /// <summary>What the model understood over all its connections, in order.</summary>
    public IReadOnlyList<HeardRecord> ModelHeard => [.. Model.SelectMany(s => s.Heard).OrderBy(h => h.At)];

    /// <summary>Person, fault, both ledgers and the rows: what a failure prints.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        Line($"{Pair} ({Pair.Number}, {Pair.Name}){(Dials.Count > 0 && IsStarved ? ", the machine was late" : "")}");
        foreach (var dial in Dials)
        {
            Line($"carrier: {dial.FinalStatus}, placed {dial.Placed}, {dial.CustomField}");
            if (dial.Conversation is { } talk)
            {
                Line($"  first audio {talk.FirstAudioMs:0}, ended {talk.EndedMs:0} by {talk.ClosedBy} ({talk.CloseCode}) {talk.Note}, voicemail '{talk.Voicemail}'");
                var events = talk.Heard.Select(h => (At: h.StartMs, Text: $"hears {h.StartMs:0}–{h.EndMs:0} '{h.Text}'{(h.Complete ? "" : " (cut)")}"))
                    .Concat(talk.Said.Select(s => (At: s.StartMs, Text: $"says {s.StartMs:0}–{s.EndMs:0} '{s.Text}'{(s.Cut ? " (cut)" : "")}")))
                    .Concat(talk.Clears.Select(c => (At: c.AtMs, Text: $"clear at {c.AtMs:0}, {c.DroppedMs:0} ms dropped")))
                    .Concat(talk.Gaps.Select(g => (At: g.AtMs, Text: $"gap at {g.AtMs:0} of {g.Ms:0}")))
                    .Concat(talk.Dtmf.Select(d => (At: d.AtMs, Text: $"presses {d.Digit} at {d.AtMs:0}")))
                    .Concat(talk.ProtocolErrors.Select(e => (At: e.AtMs, Text: $"PROTOCOL {e.Text}")));
                foreach (var (_, line) in events.OrderBy(e => e.At))
                {
                    Line($"  {line}");
                }
            }
        }

        foreach (var session in Model)
        {
            Line($"model {session.Sequence}: {session.OpenedAt:mm:ss.fff}–{session.ClosedAt:mm:ss.fff} by {session.ClosedBy} ({session.CloseCode}) {session.CloseReason}, "
                + $"resumption {session.Resumption}, faults {string.Join(',', session.Faults)}, notes {string.Join(';', session.Notes)}");
            var events = session.Heard.Select(h => (h.At, Text: $"hears {h.At:mm:ss.fff} '{h.Text}'{(h.Complete ? "" : " (cut)")}{(h.BargedIn ? " (barge-in)" : "")}"))
                .Concat(session.Said.Select(s => (s.At, Text: $"says {s.At:mm:ss.fff} [{s.Turn}] '{s.Text}' {s.PlayedMs:0} of {s.LengthMs:0}{(s.Interrupted ? " (interrupted)" : "")}")))
                .Concat(session.ToolCalls.Select(c => (c.At, Text: $"calls {c.At:mm:ss.fff} {c.Name} -> {c.Response}{(c.Cancelled ? " (cancelled)" : "")}")));
            foreach (var (_, line) in events.OrderBy(e => e.At))
            {
                Line($"  {line}");
            }

            foreach (var line in session.Typed.Select(t => $"typed '{t}'").Concat(session.ProtocolErrors.Select(e => $"PROTOCOL {e}")))
            {
                Line($"  {line}");
            }
        }

        Line($"contact: {Contact}, do-not-call {DoNotCall}, facts {string.Join(';', Facts)}, conclusions {Conclusions}");
        foreach (var session in Sessions)
        {
            Line($"{session}");
        }

        foreach (var turn in Turns)
        {
            Line($"  {turn}");
        }

        return text.ToString();

        void Line(string line) => text.AppendLine(line);
    }
}

/// <summary>A row of <c>campaign_contacts</c>.</summary>
public sealed record ContactRow(string Phone, string Status, string? Outcome, string? Disposition, int Attempts, DateTime? DueAt, string? Reason);

/// <summary>A row of <c>sessions</c>.</summary>
public sealed record SessionRow(
    Guid Id, string Phone, string State, string? Outcome, string? ConversationEnd, string? ConversationDetail, string? Disposition, DateTime? CallbackAt, bool OptedOut,
    string? Machine, bool MessageLeft, string? RecordingFile, int? FirstAudioMs, int? Underruns, DateTime? MediaBegunAt, DateTime? ConversationEndedAt);

/// <summary>A row of <c>session_turns</c>.</summary>
public sealed record TurnRow(Guid Session, int Position, string Speaker, string Text, bool Interrupted, string HeardText, int SpokenMs, int HeardMs);
