namespace CarrierSimulator;

internal enum StepKind
{
    Ringing,
    Answered,
    Ended,
    Callback,
}

/// <summary>
/// One thing that happens to a call, <paramref name="After"/> it was placed, or after its end if that comes only with the end of the
/// conversation; Event and Status are those of a callback.
/// </summary>
internal sealed record Step(TimeSpan After, StepKind Kind, string Event = "", string Status = "", bool FromEnd = false)
{
    /// <summary>Null while that is open.</summary>
    public DateTimeOffset? DueIn(LedgerEntry entry) => (FromEnd ? entry.EndedAt : entry.ReceivedAt) + (After / entry.Speed);

    public bool IsDone(LedgerEntry entry, int index) => Kind switch
    {
        StepKind.Ringing => entry.RingingAt is not null,
        StepKind.Answered => entry.AnsweredAt is not null,
        StepKind.Ended => entry.EndedAt is not null,
        _ => entry.Callbacks.Any(c => c.Step == index),
    };
}

/// <summary>
/// A placed call as a list of steps in time order. It follows from the ledger entry alone, so that a restarted simulator makes the same
/// plan again and carries on with the steps that the ledger does not show yet.
/// </summary>
internal static class CallPlan
{
    public const string UnknownStatus = "wrapping-up";

    private static readonly TimeSpan s_setUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_busyTone = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(20);
    private static readonly DialScript s_instant = new(DialOutcome.Completed, default, default);

    /// <summary>The script a placed entry runs by.</summary>
    public static DialScript ScriptOf(LedgerEntry entry) => entry.Instant ? s_instant : Fates.For(entry.Number).Dial(entry.Attempt!.Value);

    public static DialOutcome OutcomeOf(LedgerEntry entry)
    {
        var script = ScriptOf(entry);
        return GivesUpBefore(entry, script) ? DialOutcome.NoAnswer : script.Outcome;
    }

    public static IReadOnlyList<Step> For(LedgerEntry entry)
    {
        var script = ScriptOf(entry);
        var outcome = OutcomeOf(entry);
        var ringing = entry.Instant ? TimeSpan.Zero : s_setUp;
        var answered = ringing + (GivesUpBefore(entry, script) ? TimeSpan.FromSeconds(entry.TimeOut!.Value) : script.Ring);
        var talk = entry.TimeLimit is { } limit ? Min(script.Talk, TimeSpan.FromSeconds(limit)) : script.Talk;
        if (entry.Media && outcome == DialOutcome.Completed)
        {
            return Talking(entry, script, ringing, answered);
        }

        var ended = outcome switch
        {
            DialOutcome.Completed => answered + talk,
            DialOutcome.Busy => ringing + s_busyTone,
            _ => answered,
        };

        var steps = new List<Step>();
        if (outcome is DialOutcome.Completed or DialOutcome.NoAnswer or DialOutcome.Canceled)
        {
            steps.Add(new Step(ringing, StepKind.Ringing));
        }

        if (outcome == DialOutcome.Completed)
        {
            steps.Add(new Step(answered, StepKind.Answered));
        }

        steps.Add(new Step(ended, StepKind.Ended));
        if (entry.StatusCallback is not null)
        {
            steps.AddRange(Callbacks(entry, script.Callbacks, outcome, ringing, answered, ended));
        }

        return [.. steps.OrderBy(s => s.After)];
    }

    /// <summary>The plan of a call that lasts as long as its conversation: as any other, with an end that is not known yet.</summary>
    private static IReadOnlyList<Step> Talking(LedgerEntry entry, DialScript script, TimeSpan ringing, TimeSpan answered)
    {
        var open = TimeSpan.FromDays(1000);
        List<Step> steps = [new(ringing, StepKind.Ringing), new(answered, StepKind.Answered), new(open, StepKind.Ended)];
        if (entry.StatusCallback is not null)
        {
            steps.AddRange(Callbacks(entry, script.Callbacks, DialOutcome.Completed, ringing, answered, open));
        }

        // What lies between answer and end comes with the end; what followed the end keeps its distance.
        return
        [
            .. from step in steps
               orderby step.After > answered, step.After >= open, step.After
               select step.After <= answered ? step : step with { After = Max(step.After - open, default), FromEnd = true },
        ];
    }

    private static IEnumerable<Step> Callbacks(
        LedgerEntry entry, CallbackHabit habit, DialOutcome outcome, TimeSpan ringing, TimeSpan answered, TimeSpan ended)
    {
        var events = entry.StatusCallbackEvents;
        var tellsRinging = outcome is not (DialOutcome.Busy or DialOutcome.Failed) && (
            habit == CallbackHabit.Ringing || events.Contains("ringing"));
        var tellsAnswered = outcome == DialOutcome.Completed && habit != CallbackHabit.OutOfOrder && events.Contains("answered");
        var tellsTerminal = habit != CallbackHabit.TerminalLost && (events.Count == 0 || events.Contains("terminal"));
        var told = new List<Step>();
        if (tellsRinging)
        {
            told.Add(Tell(ringing, "ringing", "ringing"));
        }

        if (habit == CallbackHabit.Ringing)
        {
            told.Add(Tell(ringing + ((answered - ringing) / 2), "ringing", "ringing"));
        }

        if (tellsAnswered)
        {
            told.Add(Tell(answered, "answered", "in-progress"));
        }

        if (habit == CallbackHabit.UnknownFirst)
        {
            told.Add(Tell(answered + ((ended - answered) / 2), "update", UnknownStatus));
        }

        if (tellsTerminal)
        {
            told.Add(Tell(habit == CallbackHabit.TerminalLate ? ended + s_late : ended, "terminal", outcome.Wire()));
        }

        if (habit == CallbackHabit.OutOfOrder)
        {
            told.Add(Tell(ended, "answered", "in-progress"));
        }

        return habit switch
        {
            CallbackHabit.Lost => [],
            CallbackHabit.Doubled => told.SelectMany(step => new[] { step, step }),
            _ => told,
        };
    }

    private static Step Tell(TimeSpan after, string name, string status) => new(after, StepKind.Callback, name, status);

    /// <summary>TimeOut counts ringing only.</summary>
    private static bool GivesUpBefore(LedgerEntry entry, DialScript script) =>
        entry.TimeOut is { } timeOut && script.Ring > TimeSpan.FromSeconds(timeOut);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
