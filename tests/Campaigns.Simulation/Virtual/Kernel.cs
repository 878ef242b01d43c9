using System.Runtime.InteropServices;
using Orleans.SingleProcess;

namespace Campaigns.Simulation.Virtual;

/// <summary>Something to be run: a turn of an activation, a task of a process, or an action.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Ready(object Work, Process? Owner, object? State = null);

/// <summary>
/// Runs everything on one thread: picks by the seed among what is ready, and moves the time on when nothing is. Turns take no time.
/// </summary>
internal sealed class Kernel(Dice dice) : IEngineScheduler
{
    private readonly List<Ready> _ready = [];
    private readonly PriorityQueue<(object Work, Process? Owner, object? State, long Version), (long Ticks, long Order)> _timed = new();
    private readonly Dictionary<string, Process> _processes = new(StringComparer.Ordinal);
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;
    private volatile string? _leak;

    /// <summary>Ticks since the start of the run.</summary>
    public long Now { get; private set; }

    public long Steps { get; private set; }

    /// <summary>Of every choice and what followed from it: runs that agree in it were the same run.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    public void Know(Process process) => _processes.Add(process.Name, process);

    /// <inheritdoc/>
    public void Ready(IReadyTurns turns) => Add(new Ready(turns, _processes[turns.Silo]));

    /// <inheritdoc/>
    public int Choose(int count) => dice.Below(count);

    public void Add(Ready item)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            // Whoever waits there may swallow an exception; the run must not go on as if nothing had been.
            _leak = $"{item.Work} became ready on another thread: something left the simulation.";
            throw new InvalidOperationException(_leak);
        }

        _ready.Add(item);
    }

    /// <summary>Runs an action after a time. Without an owner nothing can stop it.</summary>
    public void After(TimeSpan wait, Action action, Process? owner = null) => At(Now + wait.Ticks, action, owner, null, 0);

    public void At(long ticks, object work, Process? owner, object? state, long version)
        => _timed.Enqueue((work, owner, state, version), (Math.Max(ticks, Now), _order++));

    /// <summary>What a process that stood still has to catch up with.</summary>
    public void Wake(Process process)
    {
        foreach (var item in process.Thaw())
        {
            Add(item);
        }
    }

    /// <summary>Mixes something that happened into the hash.</summary>
    public void Mix(long what) => Hash = (Hash ^ (ulong)what) * 1099511628211;

    /// <summary>Runs one thing. When nothing is ready, time goes to the next due time first; false when nothing is due either.</summary>
    public bool Step()
    {
        while (true)
        {
            if (_ready.Count == 0 && !Advance())
            {
                return false;
            }

            while (_ready.Count > 0)
            {
                var i = _ready.Count == 1 ? 0 : dice.Below(_ready.Count);
                var item = _ready[i];
                _ready[i] = _ready[^1];
                _ready.RemoveAt(_ready.Count - 1);
                if (item.Owner is { IsDead: true })
                {
                    continue;
                }

                if (item.Owner is { IsFrozen: true } frozen)
                {
                    frozen.Park(item);
                    continue;
                }

                if (_leak is not null)
                {
                    throw new InvalidOperationException(_leak);
                }

                Steps++;
                Mix((Now << 8) ^ ((long)i << 4) ^ (item.Owner?.Number ?? -1));
                Run(item);
                return true;
            }
        }
    }

    private static void Run(Ready item)
    {
        switch (item.Work)
        {
            case IReadyTurns turns:
                turns.RunOne();
                break;
            case Action action:
                action();
                break;
            case Task task:
                ((ProcessTasks)item.State!).Execute(task);
                break;
            case VirtualTimer timer:
                timer.Fire((long)item.State!);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows how to run {item.Work}.");
        }
    }

    /// <summary>To the next due time; everything due then becomes ready at once.</summary>
    private bool Advance()
    {
        if (!_timed.TryPeek(out _, out var due))
        {
            return false;
        }

        Now = Math.Max(Now, due.Ticks);
        while (_timed.TryPeek(out var next, out var at) && at.Ticks <= Now)
        {
            _timed.Dequeue();
            if (next.Work is VirtualTimer timer)
            {
                if (timer.IsCurrent(next.Version))
                {
                    Add(new Ready(timer, next.Owner, next.Version));
                }
            }
            else
            {
                Add(new Ready(next.Work, next.Owner, next.State));
            }
        }

        return true;
    }
}

/// <summary>The task scheduler of what a process runs outside its grains.</summary>
internal sealed class ProcessTasks(Kernel kernel, Process owner) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Starts an asynchronous body here; what it awaits comes back here.</summary>
    public Task Run(Func<Task> body) => Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    internal void Execute(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task) => kernel.Add(new Ready(task, owner, this));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
