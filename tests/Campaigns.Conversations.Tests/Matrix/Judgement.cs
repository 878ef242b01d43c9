namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>Everything that is wrong with a call.</summary>
internal static class Judgement
{
    /// <param name="facts">The call.</param>
    /// <param name="strictly">Also what was heard when: not to be told where the machine itself was late.</param>
    internal static IReadOnlyList<string> Complaints(CallFacts facts, bool strictly)
    {
        var isClear = strictly && !facts.Pair.Fault.TearsSound;
        string[] complaints = [.. DialJudge.Complaints(facts)];
        return complaints.Length > 0
            ? complaints
            :
            [
                .. OutcomeJudge.Complaints(facts, isClear),
                .. isClear ? SoundJudge.Complaints(facts) : [],
                .. isClear ? TurnJudge.Complaints(facts) : [],
                .. isClear ? RecordingJudge.Complaints(facts) : [],
            ];
    }
}
