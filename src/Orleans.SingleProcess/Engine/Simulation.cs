using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>An activation that has turns to run.</summary>
public interface IReadyTurns
{
    /// <summary>The grain, as <c>type/key</c>.</summary>
    string Owner { get; }

    /// <summary>The silo's name.</summary>
    string Silo { get; }

    /// <summary>Runs the next turn on this thread; if more are ready the scheduler hears of it again.</summary>
    void RunOne();
}

/// <summary>Decides which ready turn runs next, instead of the thread pool.</summary>
public interface IEngineScheduler
{
    /// <summary>The activation has a turn to run: call <see cref="IReadyTurns.RunOne"/> once, later, one thread at a time.</summary>
    void Ready(IReadyTurns turns);

    /// <summary>Decides for one of <paramref name="count"/> silos, from 0.</summary>
    int Choose(int count);
}

/// <summary>What a turn does.</summary>
public enum TurnKind
{
    /// <summary>A grain call begins.</summary>
    Call,

    /// <summary>A timer's tick begins.</summary>
    Timer,

    /// <summary>Grain code goes on after an await.</summary>
    Continuation,

    /// <summary>The engine's own: activation, deactivation, cancellation.</summary>
    Engine,
}

/// <summary>A turn about to run.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="Silo">The silo's name.</param>
/// <param name="Kind">What the turn does.</param>
/// <param name="Name">The method called; empty for continuations.</param>
public readonly record struct Turn(GrainId Grain, string Silo, TurnKind Kind, string Name);

/// <summary>What becomes of a turn.</summary>
public enum TurnFate
{
    /// <summary>It runs.</summary>
    Run,

    /// <summary>The activation dies before it.</summary>
    KillActivation,

    /// <summary>The silo dies before it.</summary>
    KillSilo,
}

/// <summary>Sees every turn before it runs: each await of a grain is such a boundary.</summary>
public interface IEngineHooks
{
    /// <summary>Decides the turn's fate. Runs on the turn's thread.</summary>
    TurnFate BeforeTurn(Turn turn);
}

/// <summary>How the engine runs; shared by all silos of a test cluster.</summary>
public sealed class SingleProcessOptions
{
    /// <summary>Decides the order of turns. Default null: the thread pool, in parallel.</summary>
    public IEngineScheduler? Scheduler { get; set; }

    /// <summary>Sees every turn. Default null.</summary>
    public IEngineHooks? Hooks { get; set; }

    /// <summary>Which grain interfaces and classes exist. Default: all of the application's assemblies.</summary>
    public Func<Type, bool> GrainTypes { get; set; } = All;

    internal bool ChoosesTypes => GrainTypes != All;

    private static bool All(Type type) => true;
}

/// <summary>
/// Runs all turns on one thread in an order that depends on the seed alone: one seed, one interleaving, replayed by running it again.
/// </summary>
/// <param name="seed">The seed.</param>
public sealed class SeededScheduler(int seed) : IEngineScheduler
{
    private readonly Random _random = new(seed);
    private readonly List<Action> _ready = [];
    private readonly List<string> _trace = [];
    private readonly Lock _lock = new();

    /// <summary>The seed.</summary>
    public int Seed { get; } = seed;

    /// <summary>What ran, in order.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <inheritdoc/>
    public void Ready(IReadyTurns turns)
    {
        ArgumentNullException.ThrowIfNull(turns);
        Add(() =>
        {
            _trace.Add($"{turns.Silo} {turns.Owner}");
            turns.RunOne();
        });
    }

    /// <inheritdoc/>
    public int Choose(int count) => _random.Next(count);

    /// <summary>Runs the next turn; false when none is ready.</summary>
    public bool RunOne()
    {
        Action next;
        lock (_lock)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            var i = _random.Next(_ready.Count);
            next = _ready[i];
            _ready.RemoveAt(i);
        }

        next();
        return true;
    }

    /// <summary>Runs turns until none is ready; gives how many ran.</summary>
    public int RunAll()
    {
        var count = 0;
        while (RunOne())
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// Runs a body, its continuations taking their chances among the turns, until its task ends. When nothing is ready,
    /// <paramref name="whenIdle"/> is to make something ready (advance a clock) or return false, which throws
    /// <see cref="InvalidOperationException"/>: the body waits for something that cannot happen.
    /// </summary>
    public void Run(Func<Task> body, Func<bool>? whenIdle = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Driver(this));
        try
        {
            var task = body();
            while (!task.IsCompleted)
            {
                if (!RunOne() && !(whenIdle?.Invoke() ?? false))
                {
                    throw new InvalidOperationException($"Seed {Seed}: nothing is ready and the body has not ended.");
                }
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void Add(Action action)
    {
        lock (_lock)
        {
            _ready.Add(action);
        }
    }

    /// <summary>Brings the body's continuations back to the scheduler.</summary>
    private sealed class Driver(SeededScheduler scheduler) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => scheduler.Add(() =>
        {
            scheduler._trace.Add("body");
            d(state);
        });

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
