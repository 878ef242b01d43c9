namespace LiveModelSimulator;

/// <summary>What all sessions of a simulator share.</summary>
internal sealed class SessionServices(LiveModelSimulatorOptions options)
{
    private readonly Lock _lock = new();
    private LiveModelControl _control = new();
    private int _sessions;
    private int _extractions;

    public LiveModelSimulatorOptions Options => options;

    public Ledger Ledger { get; } = new(options.TimeProvider);

    public SpeechCache Speech { get; } = new(options.ChunkMs);

    public HandleBook Handles { get; } = new(options.TimeProvider);

    public Dialogue Dialogue { get; } = new(options.Script);

    /// <summary>The switches; replaced under a lock, so that a count is taken once.</summary>
    public LiveModelControl Control
    {
        get
        {
            lock (_lock)
            {
                return _control;
            }
        }

        set
        {
            lock (_lock)
            {
                _control = value;
            }
        }
    }

    /// <summary>The faults of a connection that knows no prompt yet.</summary>
    public FaultPlan FaultsOf(long connection)
    {
        var plan = FaultPlan.Parse(options.FaultFor?.Invoke(connection) ?? "");
        lock (_lock)
        {
            if (_control.Faults is not { } faults || _control.FaultSessions == 0)
            {
                return plan;
            }

            _control = _control with { FaultSessions = _control.FaultSessions - 1 };
            return plan.With(FaultPlan.Parse(faults));
        }
    }

    /// <summary>The status a generateContent request fails with; null if it does not.</summary>
    public int? TakeExtractionFailure()
    {
        lock (_lock)
        {
            if (_control.ExtractionFailures > 0)
            {
                _control = _control with { ExtractionFailures = _control.ExtractionFailures - 1 };
                return _control.ExtractionFailureStatus;
            }

            return _extractions++ < options.Extraction.FailFirst ? options.Extraction.FailureStatus : null;
        }
    }

    /// <summary>Counts a session in; false if that is one too many.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _sessions) <= (Control.MaxSessions ?? options.MaxSessions ?? int.MaxValue))
        {
            return true;
        }

        Interlocked.Decrement(ref _sessions);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _sessions);
}
