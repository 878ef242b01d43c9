using System.Collections.Immutable;
using Campaigns.LiveModel;

namespace Campaigns.Calls;

// From the model to the person.
internal sealed partial class CallBridge : ILiveSink
{
    private LiveUsage usage;
    private TimeSpan? owedSince;
    private bool isNudged;
    private TimeSpan? reconnectingSince;
    private bool wasLost;

    // What is still on its way of a turn that was cut off follows closely on what came before; the next turn comes after a pause.
    private static readonly TimeSpan TailPause = TimeSpan.FromMilliseconds(400);

    // Until when audio belongs to the turn that was interrupted; null when audio is wanted.
    private TimeSpan? dropUntil;
    private TimeSpan lastDropped;
    private TimeSpan lastModelSign;
    private bool isFirstAudioTold;

    void ILiveSink.OnAudio(ReadOnlySpan<byte> pcm)
    {
        var received = around.Time.GetTimestamp();
        lock (gate)
        {
            var now = Now;
            if (!Speaks(now))
            {
                return;
            }

            (owedSince, isNudged, lastModelSign) = (null, false, now);
            conversation.OnAgentAudio(pcm, now);
            NoteMessage();
            closing?.OnAudio();
            var before = voice.Chunks;
            voice.Pump(now);
            if (voice.Chunks != before)
            {
                around.Telemetry.OnTowardsPerson(around.Time.GetElapsedTime(received));
            }

            NoteFirstAudio();

            Schedule(now);
        }
    }

    void ILiveSink.OnHeard(string fragment)
    {
        lock (gate)
        {
            if (stage is CallStage.Ended or CallStage.Apologising or CallStage.AwaitBeep or CallStage.Message)
            {
                return;
            }

            var now = Now;
            conversation.OnPersonText(fragment, ear.SoundBegan, now);
            OnPersonActive(now);
            if (!conversation.PersonSpeaking)
            {
                OnPersonDone(now);
            }

            if (machineEar.IsListening && stage == CallStage.Talking)
            {
                OnVerdict(machineEar.OnText(fragment, now));
            }
        }
    }

    void ILiveSink.OnSpoken(string fragment)
    {
        lock (gate)
        {
            var now = Now;
            if (Speaks(now))
            {
                conversation.OnAgentText(fragment, now);
                NoteMessage();
            }
        }
    }

    void ILiveSink.OnInterrupted()
    {
        var received = around.Time.GetTimestamp();
        lock (gate)
        {
            var now = Now;
            switch (stage)
            {
                case CallStage.Talking:
                    CutIn(now, received);
                    break;
                case CallStage.Closing when !IsQuiet(now):
                    Reopen(now);
                    CutIn(now, received);
                    break;
                case CallStage.Message:
                    // A machine's noises do not cut a message off; what the model has not generated is lost all the same.
                    conversation.OnAgentLost(now);
                    break;
                default:
                    break;
            }
        }
    }

    void ILiveSink.OnGenerationComplete()
    {
        lock (gate)
        {
            if (IsJoined)
            {
                lastModelSign = Now;
                conversation.OnGenerated();
                closing?.OnGenerated();
                Advance(lastModelSign);
            }
        }
    }

    void ILiveSink.OnTurnComplete(string? reason)
    {
        lock (gate)
        {
            dropUntil = null;
            if (IsJoined)
            {
                lastModelSign = Now;
                AgentTurnOver(lastModelSign);
                closing?.OnTurnOver();
                Advance(lastModelSign);
            }
        }
    }

    void ILiveSink.OnToolCalls(ImmutableArray<ToolCall> calls)
    {
        lock (gate)
        {
            if (IsJoined)
            {
                (owedSince, isNudged, dropUntil, lastModelSign) = (null, false, null, Now);
                desk!.Take(calls);
            }
        }
    }

    void ILiveSink.OnToolCallsCancelled(ImmutableArray<string> ids)
    {
        lock (gate)
        {
            desk?.Cancel(ids);
        }
    }

    void ILiveSink.OnUsage(LiveUsage usage)
    {
        lock (gate)
        {
            this.usage += usage;
        }
    }

    void ILiveSink.OnReconnecting(string reason)
    {
        lock (gate)
        {
            if (!IsJoined)
            {
                return;
            }

            var now = Now;
            LogReconnecting(SessionId, reason);
            wasLost |= conversation.Current is { Generated: false } || owedSince is not null || desk!.IsBusy;
            desk!.Forget();
            reconnectingSince ??= now;
            (owedSince, dropUntil) = (null, null);
            conversation.OnAgentLost(now);
            Advance(now);
        }
    }

    void ILiveSink.OnReconnected(bool resumed)
    {
        lock (gate)
        {
            if (!IsJoined || reconnectingSince is null)
            {
                return;
            }

            var now = Now;
            reconnectingSince = null;
            var lost = wasLost;
            wasLost = false;
            if (stage == CallStage.Message && message is not { IsLeft: true })
            {
                StartMessage(now);
            }
            else if (stage == CallStage.Talking && lost)
            {
                Prompt(voice.FirstAudible is null ? plan!.Greeting : LinePrompts.Resume, now);
            }
        }
    }

    private bool IsJoined => stage is CallStage.Hello or CallStage.Talking or CallStage.Closing or CallStage.AwaitBeep or CallStage.Message;

    // Whether what the model says now is to be heard.
    private bool Speaks(TimeSpan now)
    {
        if (dropUntil is { } until && now < until && now - lastDropped < TailPause)
        {
            lastDropped = now;
            return false;
        }

        dropUntil = null;
        return stage is CallStage.Talking or CallStage.Closing or CallStage.Message;
    }

    // The person has cut in: silence at once, here and at the carrier, and an account of what was heard.
    private void CutIn(TimeSpan now, long received)
    {
        if (conversation.IsAgentActive || !voice.Drained(now))
        {
            _ = ClearAsync(voice.Interrupt(now), received);

            // Said of a turn that was over while nobody speaks, it asks for nothing.
            owedSince = conversation.Current is not null || conversation.PersonSpeaking ? now : owedSince;
            if (conversation.Current is not null || owedSince is not null)
            {
                (dropUntil, lastDropped) = (now + options.InterruptedTail, now);
            }

            conversation.OnCut(now);
        }
        else if (conversation.PersonSpeaking)
        {
            owedSince = now;
        }

        Schedule(now);
    }

    private async Task ClearAsync(Task clear, long received)
    {
        await clear;
        around.Telemetry.OnCleared(around.Time.GetElapsedTime(received));
    }

    private void Prompt(string text, TimeSpan now)
    {
        session?.Prompt(text);
        owedSince = now;
    }

    private void NoteFirstAudio()
    {
        if (!isFirstAudioTold && voice.FirstAudible is { } first)
        {
            isFirstAudioTold = true;
            around.Telemetry.OnFirstAudio(first);
        }
    }
}
