namespace Orleans.SingleProcess;

/// <summary>The turns of an activation: one at a time, on whichever thread comes, in the order they became ready.</summary>
internal sealed partial class Activation
{
    /// <summary>Turns run before the thread looks after other activations.</summary>
    private const int Quantum = 64;

    [ThreadStatic]
    private static Activation? s_current;

    // Tasks (continuations of grain code), Requests and Actions.
    private Queue<object>? _turns;
    private bool _scheduled;

    /// <summary>The activation whose turn this thread runs.</summary>
    internal static Activation? OnThread => s_current;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    string IReadyTurns.Owner => GrainId.ToString();

    string IReadyTurns.Silo => Silo.Name;

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < Quantum; i++)
        {
            if (!RunNext())
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IReadyTurns.RunOne()
    {
        if (RunNext())
        {
            Silo.Cluster.Scheduler!.Ready(this);
        }
    }

    /// <summary>Queues a turn of the engine's own.</summary>
    internal void Post(Action action) => Enqueue(action);

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => Enqueue(task);

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        ReferenceEquals(s_current, this) && !taskWasPreviouslyQueued && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void Enqueue(object turn)
    {
        lock (_lock)
        {
            if (IsKilled)
            {
                return;
            }

            (_turns ??= new Queue<object>(2)).Enqueue(turn);
            if (_scheduled)
            {
                return;
            }

            _scheduled = true;
        }

        if (Silo.Cluster.Scheduler is { } scheduler)
        {
            scheduler.Ready(this);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    /// <summary>Runs one turn; false when none is left.</summary>
    private bool RunNext()
    {
        object turn;
        lock (_lock)
        {
            if (_turns is null || !_turns.TryDequeue(out turn!))
            {
                _scheduled = false;
                return false;
            }
        }

        if (Silo.Cluster.Hooks is { } hooks && !Survives(hooks, turn))
        {
            return false;
        }

        s_current = this;
        try
        {
            switch (turn)
            {
                case Task task:
                    TryExecuteTask(task);
                    break;
                case Request request:
                    new Task(static state => Run((Request)state!), request).RunSynchronously(this);
                    break;
                default:
                    new Task((Action)turn).RunSynchronously(this);
                    break;
            }
        }
        finally
        {
            s_current = null;
        }

        lock (_lock)
        {
            if (_turns.Count > 0)
            {
                return true;
            }

            _scheduled = false;
            return false;
        }
    }

    private static void Run(Request request) => request.Run(s_current!);

    private bool Survives(IEngineHooks hooks, object turn)
    {
        var (kind, name) = turn switch
        {
            Request request => (request.Kind, request.Name),
            Task => (TurnKind.Continuation, string.Empty),
            _ => (TurnKind.Engine, ((Action)turn).Method.Name),
        };
        switch (hooks.BeforeTurn(new Turn(GrainId, Silo.Name, kind, name)))
        {
            case TurnFate.KillActivation:
                Kill();
                return false;
            case TurnFate.KillSilo:
                Silo.Kill();
                return false;
            default:
                return !IsKilled;
        }
    }
}
