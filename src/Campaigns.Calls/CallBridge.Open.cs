using Campaigns.LiveModel;

namespace Campaigns.Calls;

// From the answer to the first word.
internal sealed partial class CallBridge
{
    private const int Tries = 2;

    private bool isTaken;

    private async Task OpenAsync(CallPlan plan)
    {
        var left = options.ModelPatience - Now;
        using var patience = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping.Token);
        string? reason = null;
        for (var attempt = 1; attempt <= Tries && !either.IsCancellationRequested; attempt++)
        {
            try
            {
                isTaken = around.Prepared.TryTake(SessionId, out var prepared);
                var opened = await AwaitAsync(prepared ?? around.Model.OpenAsync(plan.Setup, either.Token), either.Token);
                if (opened.Completion.IsCompleted)
                {
                    var end = await opened.Completion;
                    await CloseAsync(opened, end.Reason);
                    throw new LiveModelException(LiveFailure.Transient, end.Reason);
                }

                await JoinAsync(plan, opened);
                return;
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                reason = error.Message;
                LogNotOpened(error, SessionId, attempt);
                // What was refused while the phone rang gets its one more try; what is refused now would be refused again.
                if (error is LiveModelException { Failure: LiveFailure.Fatal } && !isTaken)
                {
                    break;
                }
            }

            if (attempt < Tries)
            {
                await PauseAsync(either.Token);
            }
        }

        lock (gate)
        {
            Apologise(CallEndKind.ModelUnavailable, reason ?? $"The model was not ready within {options.ModelPatience}.");
        }
    }

    // A session that comes after it was given up is closed by whoever it was opened for.
    private async Task<ILiveSession> AwaitAsync(Task<ILiveSession> coming, CancellationToken cancellationToken)
    {
        try
        {
            return await coming.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!coming.IsCanceled)
        {
            late = CloseLateAsync(coming);
            throw;
        }
    }

    private async Task CloseLateAsync(Task<ILiveSession> coming)
    {
        try
        {
            await CloseAsync(await coming, "too late");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotOpened(error, SessionId, 1);
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.ModelRetryPause, around.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by its own condition.
        }
    }

    private async Task JoinAsync(CallPlan plan, ILiveSession opened)
    {
        lock (gate)
        {
            if (stage == CallStage.Opening)
            {
                Join(plan, opened);
                return;
            }
        }

        await CloseAsync(opened, "the call is over");
    }

    private void Join(CallPlan plan, ILiveSession opened)
    {
        var now = Now;
        voice.SetRate(opened.OutputSampleRate);
        var speaksFirst = plan.Brief.Voice.AgentSpeaksFirst || conversation.PersonSpoke;
        (stage, isGated, talkingSince) = (speaksFirst ? CallStage.Talking : CallStage.Hello, !speaksFirst, now);
        opened.Attach(this);
        session = opened;
        _ = WatchSessionAsync(opened);
        if (speaksFirst)
        {
            Prompt(plan.Greeting, now);
        }

        Schedule(now);
    }

    private async Task WatchSessionAsync(ILiveSession opened)
    {
        var end = await opened.Completion;
        lock (gate)
        {
            if (ReferenceEquals(session, opened) && stage != CallStage.Closing)
            {
                // A goodbye that is being said is said to its end.
                Apologise(CallEndKind.ModelUnavailable, $"{end.Kind}: {end.Reason}");
            }
        }
    }

    private async Task CloseAsync(ILiveSession opened, string reason)
    {
        try
        {
            await opened.CloseAsync(reason).AsTask().WaitAsync(options.CloseTimeout, around.Time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotClosed(error, SessionId);
        }

        try
        {
            await opened.DisposeAsync().AsTask().WaitAsync(options.CloseTimeout, around.Time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotClosed(error, SessionId);
        }
    }
}
