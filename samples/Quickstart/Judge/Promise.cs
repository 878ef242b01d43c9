using Campaigns;
using CarrierSimulator;
using Quickstart.Operate;

namespace Quickstart.Judge;

/// <summary>
/// Where a number must stand in the end, by its last two digits (what the carrier does), the two before (who answers), and the campaign's
/// rules. Who was promised a callback is waiting for it.
/// </summary>
/// <param name="Status">Where the contact stands.</param>
/// <param name="Attempts">Attempts used; those that we spoiled ourselves come on top.</param>
/// <param name="Outcome">How the last attempt ended.</param>
/// <param name="Disposition">The campaign's own word for the result; null for none.</param>
internal sealed record Promise(ContactStatus Status, int Attempts, CallOutcome? Outcome, string? Disposition)
{
    /// <summary>Who is on do-not-call before the campaign begins.</summary>
    public static Promise NotCalled { get; } = new(ContactStatus.Skipped, 0, null, null);

    /// <summary>Plays a number's fate through. What was refused for now uses no attempt and is asked again.</summary>
    public static Promise For(string number, CampaignView campaign)
    {
        var fate = Fates.For(number);
        var talk = Talk.With(number, campaign);
        var attempts = 0;
        for (var request = 1; ; request++)
        {
            var dial = fate.Dial(request).Outcome;
            if (dial == DialOutcome.Deferred)
            {
                continue;
            }

            attempts++;
            var isAnswered = dial == DialOutcome.Completed;
            var outcome = isAnswered ? talk.Outcome : Seen(dial);
            if (!IsTriedAgain(outcome, campaign.Retry, attempts))
            {
                var status = isAnswered && talk.WantsCallback ? ContactStatus.Pending : EndOf(outcome, campaign.Retry);
                return new Promise(status, attempts, outcome, isAnswered ? talk.Disposition : null);
            }
        }
    }

    private static bool IsTriedAgain(CallOutcome outcome, RetryPolicy retry, int attempts) =>
        outcome is not (CallOutcome.Completed or CallOutcome.Unknown)
        && retry.Rules.TryGetValue(outcome, out var rule)
        && attempts < rule.MaxAttempts;

    private static CallOutcome Seen(DialOutcome outcome) => outcome switch
    {
        DialOutcome.NoAnswer => CallOutcome.NoAnswer,
        DialOutcome.Busy => CallOutcome.Busy,
        DialOutcome.Failed => CallOutcome.Failed,
        DialOutcome.Canceled => CallOutcome.Canceled,
        DialOutcome.Rejected => CallOutcome.Rejected,

        // The client cannot know that no phone rang, so it never tries again by itself.
        DialOutcome.NotPlaced => CallOutcome.Unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No end of a call that nobody answered."),
    };

    private static ContactStatus EndOf(CallOutcome outcome, RetryPolicy retry) => outcome switch
    {
        CallOutcome.Completed => ContactStatus.Completed,
        CallOutcome.Machine => retry.Rules.ContainsKey(CallOutcome.Machine) ? ContactStatus.NoAnswer : ContactStatus.Completed,
        CallOutcome.NoAnswer or CallOutcome.Busy or CallOutcome.Canceled or CallOutcome.NoSpeech => ContactStatus.NoAnswer,
        _ => ContactStatus.Failed,
    };
}
