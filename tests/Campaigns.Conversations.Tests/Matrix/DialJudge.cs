using CarrierSimulator;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>One dial, one conversation, one conclusion, and everything closed.</summary>
internal static class DialJudge
{
    internal static IEnumerable<string> Complaints(CallFacts facts)
    {
        if (facts.Dials.Count(d => d.Placed) != 1 || facts.Sessions.Count != 1)
        {
            yield return $"{facts.Dials.Count(d => d.Placed)} dials and {facts.Sessions.Count} sessions; each pair is called once";
            yield break;
        }

        if (facts.Dials[^1].Conversation is not { EndedMs: not null } talk)
        {
            yield return "there was no conversation, or it has not ended";
            yield break;
        }

        if (talk.ProtocolErrorCount > 0)
        {
            yield return $"the carrier was sent what it does not take: {talk.ProtocolErrors[0].Text}";
        }

        if (talk.OverLeadMs > 0)
        {
            yield return $"{talk.OverLeadMs:0} ms of audio came further ahead than the carrier holds";
        }

        if (facts.Model.SelectMany(s => s.ProtocolErrors).FirstOrDefault(e => !IsAsked(facts.Pair, e)) is { } error)
        {
            yield return $"the model was sent what it does not take: {error}";
        }

        if (facts.Model.Any(s => s.Live))
        {
            yield return "a session is still open at the model";
        }

        if (facts.Model.FirstOrDefault(s => s.Resumption is { OldSocketOpen: true }) is not null)
        {
            yield return "a session was resumed while its older socket was open";
        }

        if (facts.Session is not { State: "ENDED", ConversationEndedAt: not null })
        {
            yield return "the session has not ended, or its conversation was not concluded";
        }

        if (facts.Conclusions != 1)
        {
            yield return $"the conversation was concluded {facts.Conclusions} times";
        }
    }

    // Refusals that the fault itself is.
    private static bool IsAsked(Pair pair, string error)
        => (pair.Fault.Has("quota") && error.Contains("quota", StringComparison.Ordinal))
            || (pair.Fault.Marker.Contains("refuse-resume", StringComparison.Ordinal) && error.Contains("session", StringComparison.OrdinalIgnoreCase));
}
