using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>A grain timer. Each tick is a request of the activation; the next one is armed when it has ended.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Tick _tick;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _firing;
    private bool _changed;

    internal GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        (_activation, _callback, _options) = (activation, callback, options);
        _tick = new Tick(this);
        // The clock must not carry the grain's ambient values into later ticks.
        using (ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.Time.CreateTimer(
                static state => ((GrainTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        activation.Add(this);
        Change(options.DueTime, options.Period);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, nameof(dueTime));
        Validate(period, nameof(period));
        lock (_lock)
        {
            (_dueTime, _period, _changed) = (dueTime, period, true);
            if (!_firing)
            {
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _timer.Dispose();
        _activation.Remove(this);
    }

    /// <summary>Stops ticking without a word to the grain, as a crash does.</summary>
    internal void Stop() => _timer.Dispose();

    private static void Validate(TimeSpan time, string name)
    {
        if ((time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan) || time.TotalMilliseconds > uint.MaxValue - 1d)
        {
            throw new ArgumentOutOfRangeException(name);
        }
    }

    private void Fire()
    {
        lock (_lock)
        {
            _firing = true;
        }

        _activation.Receive(_tick);
    }

    private async Task RunAsync()
    {
        lock (_lock)
        {
            _changed = false;
        }

        try
        {
            await _callback(_stopped.Token);
        }
        finally
        {
            lock (_lock)
            {
                _firing = false;
                if (!_stopped.IsCancellationRequested)
                {
                    _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private sealed class Tick(GrainTimer timer) : Request
    {
        internal override string Name => "Timer";

        internal override TurnKind Kind => TurnKind.Timer;

        internal override bool AlwaysInterleave => timer._options.Interleave;

        internal override bool KeepsAlive => timer._options.KeepAlive;

        internal override bool LocalOnly => true;

        internal override bool IsOver => timer._stopped.IsCancellationRequested;

        internal override void Fail(Exception exception)
        {
            // Nobody waits for a tick.
        }

        protected override Task Start(Activation target) => IsOver ? Task.CompletedTask : timer.RunAsync();

        protected override void Complete(Task task)
        {
            if (task.Exception is { } failure)
            {
                Target!.Silo.LogTimerFailed(failure.InnerException!, Target.GrainId);
            }
        }
    }
}
