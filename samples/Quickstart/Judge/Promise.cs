using Campaigns;
using CarrierSimulator;

namespace Quickstart.Judge;

/// <summary>Where a number must stand in the end, by its last two digits and the campaign's retry policy.</summary>
internal sealed record Promise(ContactStatus Status, int Attempts)
{
    /// <summary>Plays a number's fate through. What was refused for now uses no attempt and is asked again.</summary>
    public static Promise For(string number, RetryPolicy retry)
    {
        var fate = Fates.For(number);
        var attempts = 0;
        for (var request = 1; ; request++)
        {
            var outcome = fate.Dial(request).Outcome;
            if (outcome == DialOutcome.Deferred)
            {
                continue;
            }

            attempts++;
            if (!IsTriedAgain(Seen(outcome), retry, attempts))
            {
                return new Promise(EndOf(outcome), attempts);
            }
        }
    }

    private static bool IsTriedAgain(CallOutcome outcome, RetryPolicy retry, int attempts) =>
        outcome is not (CallOutcome.Completed or CallOutcome.Unknown)
        && retry.Rules.TryGetValue(outcome, out var rule)
        && attempts < rule.MaxAttempts;

    private static CallOutcome Seen(DialOutcome outcome) => outcome switch
    {
        DialOutcome.Completed => CallOutcome.Completed,
        DialOutcome.NoAnswer => CallOutcome.NoAnswer,
        DialOutcome.Busy => CallOutcome.Busy,
        DialOutcome.Failed => CallOutcome.Failed,
        DialOutcome.Canceled => CallOutcome.Canceled,
        DialOutcome.Rejected => CallOutcome.Rejected,

        // The client cannot know that no phone rang, so it never tries again by itself.
        DialOutcome.NotPlaced => CallOutcome.Unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No end of a call."),
    };

    private static ContactStatus EndOf(DialOutcome outcome) => outcome switch
    {
        DialOutcome.Completed => ContactStatus.Completed,
        DialOutcome.NoAnswer or DialOutcome.Busy or DialOutcome.Canceled => ContactStatus.NoAnswer,
        _ => ContactStatus.Failed,
    };
}
