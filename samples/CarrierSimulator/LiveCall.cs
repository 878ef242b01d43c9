namespace CarrierSimulator;

/// <summary>
/// A call on its way through its plan. All timers are armed when it starts, so that a test clock moves it without waiting; a timer
/// carries out every step up to its own, so that steps keep their order however timers race. First attempts of callbacks go out in
/// order; their repeats do not hold up the next.
/// </summary>
internal sealed class LiveCall(
    long sequence,
    Ledger ledger,
    CallbackSender sender,
    Func<CarrierControl> control,
    Func<LedgerEntry, MediaCall> answer,
    TimeProvider time,
    CancellationToken stopping) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<Step> _plan = CallPlan.For(ledger.Get(sequence));
    private readonly List<ITimer> _timers = [];
    private readonly List<Task> _deliveries = [];
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _told = Task.CompletedTask;
    private int _next;
    private MediaCall? _conversation;
    private bool _resuming;
    private bool _disposed;

    /// <summary>Ends when every step is done and every callback settled.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Ends when every step is done and every callback has been tried once.</summary>
    public TaskCompletionSource Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Carries out what is due and arms timers for the rest. What fell due while no simulator ran happened when it was due, and a
    /// conversation that was under way then is over.
    /// </summary>
    public void Start(bool resumed)
    {
        lock (_lock)
        {
            _resuming = resumed;
            PerformDue();
            _resuming = false;
            if (resumed && ledger.Get(sequence) is { Media: true, AnsweredAt: not null, EndedAt: null })
            {
                ledger.Update(sequence, (e, _) => e with { Conversation = Broken(e.Conversation) });
                HangUp();
                return;
            }

            Arm();
            FinishIfDone();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _conversation?.Abort();
            _timers.ForEach(t => t.Dispose());
            _settled.TrySetResult();
        }
    }

    private static Conversation? Broken(Conversation? conversation) => conversation is { ClosedBy: null }
        ? conversation with { ClosedBy = "carrier", Note = "the simulator was restarted" }
        : conversation;

    /// <summary>The conversation is over, and with it the call.</summary>
    private void HangUp()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            RunThrough(_plan.Index().First(step => step.Item.Kind == StepKind.Ended).Index);

            PerformDue();
            Arm();
            FinishIfDone();
        }
    }

    private void PerformDue()
    {
        var now = ledger.Now();
        while (_next < _plan.Count && _plan[_next].DueIn(ledger.Get(sequence)) is { } due && due <= now)
        {
            Perform(due);
        }
    }

    private void Arm()
    {
        var entry = ledger.Get(sequence);
        var now = ledger.Now();
        for (var i = _next; i < _plan.Count; i++)
        {
            if (_plan[i].DueIn(entry) is { } due)
            {
                var through = i;
                var delay = due > now ? due - now : TimeSpan.Zero;
                _timers.Add(time.CreateTimer(_ => RunThrough(through), null, delay, Timeout.InfiniteTimeSpan));
            }
        }
    }

    private async Task HangUpAfterAsync(MediaCall conversation)
    {
        await conversation.Over;
        HangUp();
    }

    private void RunThrough(int index)
    {
        lock (_lock)
        {
            if (_disposed || _next > index)
            {
                return;
            }

            while (_next <= index)
            {
                Perform(null);
            }

            FinishIfDone();
        }
    }

    private void Perform(DateTimeOffset? at)
    {
        var index = _next++;
        var step = _plan[index];
        var entry = ledger.Get(sequence);
        if (step.IsDone(entry, index))
        {
            return;
        }

        switch (step.Kind)
        {
            case StepKind.Ringing:
                ledger.Update(sequence, (e, now) => e with { RingingAt = at ?? now });
                break;
            case StepKind.Answered:
                var answered = ledger.Update(sequence, (e, now) => e with { AnsweredAt = at ?? now });
                if (answered.Media && !_resuming)
                {
                    _conversation = answer(answered);
                    _ = HangUpAfterAsync(_conversation);
                }

                break;
            case StepKind.Ended:
                ledger.Update(sequence, (e, now) => e with { EndedAt = at ?? now, FinalStatus = CallPlan.OutcomeOf(e).Wire() });
                break;
            default:
                Send(entry, step, index);
                break;
        }
    }

    private void Send(LedgerEntry entry, Step step, int index)
    {
        if (control().CallbacksOff)
        {
            ledger.Update(
                sequence,
                (e, _) => e with { Callbacks = [.. e.Callbacks, new CallbackRecord(index, step.Event, step.Status, 0, false)] });
            return;
        }

        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _deliveries.Add(DeliverAsync(_told, tried, entry, sender.Body(entry, step, ledger.Now()), step, index));
        _told = tried.Task;
    }

    private async Task DeliverAsync(Task previous, TaskCompletionSource tried, LedgerEntry entry, WireObject body, Step step, int index)
    {
        try
        {
            await previous;
            var (attempts, delivered) = await sender.DeliverAsync(entry, body, () => tried.TrySetResult(), stopping);
            ledger.Update(
                sequence,
                (e, _) => e with { Callbacks = [.. e.Callbacks, new CallbackRecord(index, step.Event, step.Status, attempts, delivered)] });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The simulator stops: the ledger does not show this callback, and the next start sends it.
        }
        finally
        {
            tried.TrySetResult();
        }
    }

    private void FinishIfDone()
    {
        if (_next == _plan.Count)
        {
            _timers.ForEach(t => t.Dispose());
            _ = FinishAsync(_told, Task.WhenAll(_deliveries));
        }
    }

    private async Task FinishAsync(Task told, Task deliveries)
    {
        try
        {
            await told;
            Told.TrySetResult();
            await deliveries;
        }
        finally
        {
            Told.TrySetResult();
            _settled.TrySetResult();
        }
    }
}
