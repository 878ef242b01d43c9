using Campaigns.Carrier;
using Campaigns.LiveModel;

namespace Campaigns.Calls;

// However a call ends, it ends here, once.
internal sealed partial class CallBridge
{
    private CallEndKind apologyKind;
    private string apologyDetail = "";
    private TimeSpan apologyUntil;
    private Task late = Task.CompletedTask;
    private CallEnd? outcome;

    // The person is told that something is wrong; a machine is not.
    private void Apologise(CallEndKind kind, string detail)
    {
        if (stage is CallStage.Ended or CallStage.Apologising)
        {
            return;
        }

        if (kind != CallEndKind.HostStopping)
        {
            LogModelLost(SessionId, kind, detail);
        }

        if (machine is not null && !isScreened)
        {
            End(kind, detail);
            return;
        }

        var now = Now;
        if (conversation.IsAgentActive || !voice.Drained(now))
        {
            _ = voice.Interrupt(now);
            conversation.OnCut(now);
        }

        (stage, apologyKind, apologyDetail, apologyUntil) = (CallStage.Apologising, kind, detail, now + options.ApologyLimit);
        voice.Say(Apology.For(plan!.Brief.Agent.Language));
        voice.Pump(now);
        nextWatch = now;
        Schedule(now);
        if (session is { } lost)
        {
            session = null;
            late = Task.WhenAll(late, Task.Run(() => CloseAsync(lost, detail)));
        }
    }

    private void End(CallEndKind kind, string detail)
    {
        if (stage == CallStage.Ended)
        {
            return;
        }

        var now = Now;
        var wasApology = stage == CallStage.Apologising && kind is CallEndKind.PersonHungUp or CallEndKind.MediaLost;
        stage = CallStage.Ended;
        Volatile.Write(ref dueTicks, long.MaxValue);
        around.Clock.Remove(this);
        voice.Forget(now);
        voice.Close();
        conversation.OnCut(now);
        conversation.Finish(now);
        desk?.Forget();
        // Who hangs up on an apology did not end the call: its cause did.
        (kind, detail) = wasApology ? (apologyKind, apologyDetail) : (kind, detail);
        _ = Task.Run(() => FinishAsync(kind, detail, now));
    }

    private async Task FinishAsync(CallEndKind kind, string detail, TimeSpan duration)
    {
        var open = session;
        session = null;
        if (plan is null)
        {
            around.Prepared.Discard(SessionId);
        }

        await Task.WhenAll(
            CloseLegAsync(detail),
            CloseModelAsync(open, detail),
            Bounded(CompleteRecordingAsync(duration), error => LogNotRecorded(error, SessionId)));
        Task told;
        lock (gate)
        {
            voice.Dispose();
            outcome = new CallEnd(
                kind, detail, duration, voice.FirstAudible, conversation.PersonSpoke, machine, message is { IsLeft: true }, recording?.File, usage,
                voice.Underruns);
            told = events is null ? Task.CompletedTask : TellEnd();
        }

        around.Telemetry.OnEnded(outcome, voice.RefusedSamples);
        LogEnded(SessionId, kind, duration);
        await told;
        around.Over(this);
        completion.SetResult();
    }

    private async Task CloseLegAsync(string reason)
    {
        await Bounded(leg.CloseAsync(reason).AsTask(), error => LogLegFailed(error, SessionId));
        await stopping.CancelAsync();
        await Bounded(legRun, error => LogLegFailed(error, SessionId));
    }

    private async Task CloseModelAsync(ILiveSession? open, string reason)
    {
        if (open is not null)
        {
            await CloseAsync(open, reason);
        }

        // What was still being opened is given up with the leg and closes itself.
        await Bounded(opening, error => LogNotClosed(error, SessionId));
        await Bounded(late, error => LogNotClosed(error, SessionId));
    }

    private async Task CompleteRecordingAsync(TimeSpan duration)
    {
        await recordingOpened;
        if (recording is { } open)
        {
            await open.CompleteAsync(duration);
        }
    }

    private async Task Bounded(Task task, Action<Exception> failed)
    {
        try
        {
            await task.WaitAsync(options.CloseTimeout, around.Time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            failed(error);
        }
    }

    // Under the lock, once both the end and who wants to hear of it are known.
    private Task TellEnd()
    {
        if (outcome is not { } over || events is not { } listener)
        {
            return Task.CompletedTask;
        }

        foreach (var turn in early)
        {
            _ = lane.Tell(nameof(ICallEvents.OnTurnAsync), () => listener.OnTurnAsync(turn));
        }

        early.Clear();
        return lane.Tell(nameof(ICallEvents.OnEndedAsync), () => listener.OnEndedAsync(over), options.EventTimeout * 3);
    }
}
