namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>Whether a call ended as the person's part and the model's fault allow, by what the product promises.</summary>
internal static class OutcomeJudge
{
    internal static IEnumerable<string> Complaints(CallFacts facts, bool strictly)
    {
        var pair = facts.Pair;
        var allowed = Allowed(pair);
        if (!allowed.Contains(facts.Session.Outcome, StringComparer.Ordinal))
        {
            yield return $"the outcome is {facts.Session.Outcome}, allowed are {string.Join(", ", allowed)}";
            yield break;
        }

        foreach (var complaint in Contact(facts))
        {
            yield return complaint;
        }

        var mustSucceed = pair.Fault.Harm is Harm.None or Harm.Stumble && strictly;
        foreach (var complaint in Special(facts).Where(_ => mustSucceed && !IsExcused(pair)))
        {
            yield return complaint;
        }

        if (facts.DoNotCall != facts.Session.OptedOut || (facts.DoNotCall && pair.Person != "opts out"))
        {
            yield return $"do-not-call is {facts.DoNotCall}, the session's opt-out {facts.Session.OptedOut}";
        }

        if (pair.Person == "presses keys" && pair.Fault.Harm == Harm.None && facts.Talk.Dtmf.Count > 0
            && !facts.Model.SelectMany(s => s.Typed).Any(t => t.Contains("12#", StringComparison.Ordinal)))
        {
            yield return "the model was not told of the keys";
        }
    }

    private static IReadOnlyList<string> Allowed(Pair pair) => (pair.Fault.Harm, IsMachine(pair)) switch
    {
        // What answered nobody could tell without a model.
        (Harm.NoModel, _) => ["MODEL_UNAVAILABLE"],
        (Harm.Loss, true) => ["MACHINE", "MODEL_UNAVAILABLE", "COMPLETED"],
        (Harm.Loss, false) when pair.Person == "call screener" => ["COMPLETED", "MACHINE", "MODEL_UNAVAILABLE"],
        (Harm.Loss, false) => ["COMPLETED", "MODEL_UNAVAILABLE", "NO_SPEECH"],
        // Its tones are no speech to a detector of voices, and without words in time the model seems to owe an answer.
        (_, true) when pair.Person == "long monologue" && pair.Fault.Marker.EndsWith("transcription", StringComparison.Ordinal)
            => ["MACHINE", "MODEL_UNAVAILABLE"],
        // The report is lost with the connection, or never made, and a monologue without a beep may be a person's: unsure is human.
        (_, true) when pair.Person == "long monologue" && (pair.Fault.Has("drop") || pair.Fault.Has("stall")) => ["MACHINE", "COMPLETED"],
        (_, true) => ["MACHINE"],
        // Not as it should be: where the ends of the agent's turns are unclear, the person behind a screener is not told from it, and a call
        // with a recorded result counts as a machine's.
        // Who calls is not understood through the holes: the screener does not put the call through.
        _ when pair.Person == "call screener" && (TurnsAreUnclear(pair.Fault) || pair.Fault.TearsSound) => ["COMPLETED", "MACHINE"],
        // Nobody was understood, and a callback that was promised is one all the same.
        _ when pair.Fault.Has("no-transcription") => ["COMPLETED", "NO_SPEECH"],
        _ when pair.Person is "silent" or "hangs up in mid-sentence" => ["COMPLETED", "NO_SPEECH"],
        _ => ["COMPLETED"],
    };

    private static bool TurnsAreUnclear(ModelFault fault)
        => fault.Has("no-turn-complete") || fault.Has("spurious-interrupted") || fault.Has("no-transcription");

    // What is lost is not the product's doing: the call's end is judged, its result is not.
    private static bool IsExcused(Pair pair) => (pair.Person, pair.Fault.Name) switch
    {
        // Without words in time nobody can tell that the monologue is a machine's before it is over; after seconds of silence at the beginning of
        // every turn of the agent's, the machine hangs up before it has heard the message.
        ("long monologue", "lead-in" or "no-transcription" or "late-transcription") => true,
        _ => false,
    };

    private static bool IsMachine(Pair pair)
        => pair.Person is "voicemail" or "long monologue" || pair.Person.StartsWith("voicemail in", StringComparison.Ordinal);

    // Nobody is lost: terminal by the outcome, or due again by the policy or the promise.
    private static IEnumerable<string> Contact(CallFacts facts)
    {
        var contact = facts.Contact;
        if (contact.Attempts != 1)
        {
            yield return $"{contact.Attempts} attempts are counted";
        }

        if (facts.Session is { CallbackAt: { } promised, Outcome: "COMPLETED" })
        {
            if (contact.Status != "PENDING" || contact.DueAt != promised)
            {
                yield return $"a callback at {promised:s} is promised, the contact is {contact.Status}, due {contact.DueAt:s}";
            }
        }
        else if (facts.Session.Outcome is "MODEL_UNAVAILABLE" or "INTERRUPTED_BY_US")
        {
            if (contact.Status != "PENDING" || contact.DueAt is null)
            {
                yield return $"the policy tries {facts.Session.Outcome} again, the contact is {contact.Status}";
            }
        }
        else if (contact is { Status: "PENDING" or "DISPATCHED" or "IN_PROGRESS" } || contact.Outcome != facts.Session.Outcome)
        {
            yield return $"the contact is {contact.Status} {contact.Outcome} after {facts.Session.Outcome}";
        }
    }

    private static IEnumerable<string> Special(CallFacts facts)
    {
        var disposition = facts.Pair.Person switch
        {
            "brief" => "not_interested",
            "silent" or "hangs up in mid-sentence" or "wants a callback" or "opts out" => null,
            _ when IsMachine(facts.Pair) => null,
            _ => "interested",
        };
        if (facts.Session.Disposition != disposition)
        {
            yield return $"the disposition is {facts.Session.Disposition ?? "none"}, not {disposition ?? "none"}";
        }

        var problem = facts.Pair.Person switch
        {
            "wants a callback" => Callback(facts),
            "opts out" => facts.DoNotCall ? null : "the person is not on the do-not-call list",
            "tells a fact" => facts.Pair.Fault.Has("no-transcription") || facts.Facts.Contains("birthday_month: March") ? null : "the fact is not remembered",
            "call screener" => facts.Pair.Fault.Harm != Harm.None || facts.Talk.HeardAll(MatrixFixture.Explanation) ? null : "the screener was not told who calls",
            "presses keys" => string.Concat(facts.Talk.Dtmf.Select(d => d.Digit)) == "12#" ? null : "the keys were not pressed",
            _ when IsMachine(facts.Pair) => Message(facts),
            _ => null,
        };
        if (problem is not null)
        {
            yield return problem;
        }
    }

    private static string? Callback(CallFacts facts)
    {
        if (facts.Session.CallbackAt is not { } at)
        {
            return "no callback is promised";
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(facts.Pair.TimeZone ?? "Asia/Kolkata");
        var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(at, DateTimeKind.Utc), zone);
        return local is { DayOfWeek: DayOfWeek.Tuesday, Hour: 16, Minute: 0 } && at > facts.Session.MediaBegunAt && at < facts.Session.MediaBegunAt?.AddDays(8)
            ? null
            : $"the callback is promised for {local:s} in {zone.Id}";
    }

    private static string? Message(CallFacts facts)
        => facts.Session is not { Machine: "VOICEMAIL", MessageLeft: true } ? $"the machine is {facts.Session.Machine}, message left {facts.Session.MessageLeft}"
            : facts.Talk.Voicemail is { } recorded && recorded.Contains(MatrixFixture.Message, StringComparison.Ordinal) ? null
            : $"the machine recorded '{facts.Talk.Voicemail}'";
}
