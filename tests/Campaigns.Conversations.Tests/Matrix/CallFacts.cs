using System.Text;
using Campaigns.Conversations.Tests.Bed;
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
            if (Dials is not [.., { EndedAt: not null, Conversation.EndedMs: not null } dial])
            {
                return false;
            }

            var wall = (dial.EndedAt!.Value - dial.AnsweredAt!.Value).TotalMilliseconds;
            return Stalls.Any(s => s.To > dial.AnsweredAt && s.From < dial.EndedAt)
                || Math.Abs(wall - Talk.EndedMs!.Value) > 400
                || (!Pair.Fault.TearsSound && (Sessions.Any(s => s.Underruns > 0) || Talk.Gaps.Any(IsHole)));
        }
    }

    // Sound that stops and comes back soon, for no reason that anyone gave.
    private bool IsHole(GapRecord gap) => gap.Ms < 1000 && !Talk.Clears.Any(c => Math.Abs(c.AtMs - gap.AtMs) < 300);

    public SessionRow Session => Sessions[^1];

    /// <summary>What the model said over all its connections, in order.</summary>
    public IReadOnlyList<SaidRecord> ModelSaid => [.. Model.SelectMany(s => s.Said).OrderBy(s => s.At)];

    /// <summary>What the model understood over all its connections, in order.</summary>
    public IReadOnlyList<HeardRecord> ModelHeard => [.. Model.SelectMany(s => s.Heard).OrderBy(h => h.At)];

    /// <summary>Person, fault, both ledgers and the rows: what a failure prints.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        Line($"{Pair} ({Pair.Number}, {Pair.Name}){(IsStarved ? ", the machine was late" : "")}");
        text.Append(Ledgers.Describe(Dials, Model));
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
