namespace Campaigns.Calls;

// The watchdogs: what they see, and what is done on their word.
internal sealed partial class CallBridge
{
    // How often a call is looked at when no audio asks for more: near its end the hang-up waits for the look.
    private static readonly TimeSpan TalkingStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WatchfulStep = TimeSpan.FromMilliseconds(20);

    private TimeSpan nextWatch;

    private void Watch(TimeSpan now)
    {
        var action = CallWatch.Judge(Look(now), options);
        if (action == WatchAction.None)
        {
            return;
        }

        around.Telemetry.OnWatch(action);
        LogWatch(SessionId, action);
        switch (action)
        {
            case WatchAction.EndTooLong:
                End(CallEndKind.TooLong, $"The call reached {plan!.Brief.Voice.LongestCall}.");
                break;
            case WatchAction.EndSilence:
                End(CallEndKind.Silence, "Nobody said anything.");
                break;
            case WatchAction.EndLegStalled:
                End(CallEndKind.MediaLost, $"The carrier sent nothing for {options.LegStall}.");
                break;
            case WatchAction.Nudge:
                isNudged = true;
                Prompt(Reminder, now);
                break;
            case WatchAction.CloseTurn:
                AgentTurnOver(now);
                dropUntil = null;
                break;
            case WatchAction.GiveUpReconnecting:
                Apologise(CallEndKind.ModelUnavailable, $"The model did not come back within {options.ReconnectPatience}.");
                break;
            case WatchAction.GiveUpStalled:
                Apologise(CallEndKind.ModelStuck, "The model did not answer, also after it was reminded.");
                break;
            case WatchAction.GiveUpDroning:
                Apologise(CallEndKind.ModelStuck, $"The model spoke for {options.LongestTurn} without an end.");
                break;
            default:
                Apologise(CallEndKind.ModelStuck, $"The model sounded for {options.UntranscribedAudio} without a word.");
                break;
        }
    }

    private string Reminder => stage == CallStage.Message ? LinePrompts.Message(message!.Text)
        : voice.FirstAudible is null ? plan!.Greeting
        : LinePrompts.Nudge;

    private WatchFacts Look(TimeSpan now)
    {
        var policy = plan?.Brief.Voice;
        var facts = new WatchFacts(
            now, policy?.LongestCall ?? TimeSpan.MaxValue, policy?.SilenceTimeout ?? TimeSpan.MaxValue, lastFrame);
        if (stage is not (CallStage.Talking or CallStage.Message))
        {
            return facts;
        }

        var isBusy = desk!.IsBusy;
        var isPersonQuiet = !conversation.PersonSpeaking;
        return facts with
        {
            ReconnectingSince = reconnectingSince,
            TurnHeard = conversation.FirstHeard(now),
            Untranscribed = conversation.CurrentUntranscribed(now),
            OwedSince = isBusy || !(isPersonQuiet || isGated) ? null : owedSince,
            Nudged = isNudged,
            TurnDrainedAt = isBusy ? null : conversation.Current?.DrainedAt,
            QuietSince = stage == CallStage.Talking && isPersonQuiet && !isBusy && IsQuiet(now) ? LastSound : null,
        };
    }
}
