using System.Collections.Concurrent;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.SingleProcess.Tests;

[GenerateSerializer, Immutable, Alias("test.order")]
public sealed record Order([property: Id(0)] string Name, [property: Id(1)] int Count);

[GenerateSerializer, Alias("test.basket")]
public sealed class Basket
{
    [Id(0)]
    public List<string> Items { get; set; } = [];

    [Id(1)]
    public Basket? Inner { get; set; }

    [Id(2)]
    public Dictionary<string, int[]> Counts { get; set; } = [];
}

public sealed class OddException(string message, int code) : Exception(message)
{
    public int Code { get; } = code;
}

[GenerateSerializer, Alias("test.state")]
public sealed class CounterState
{
    [Id(0)]
    public int Count { get; set; }
}

/// <summary>What grains of a test tell its body.</summary>
public sealed class Board
{
    public ConcurrentQueue<string> Events { get; } = new();

    public ConcurrentDictionary<string, Signal> Signals { get; } = new();

    public Signal this[string name] => Signals.GetOrAdd(name, _ => new Signal());

    public void Say(string what) => Events.Enqueue(what);
}

/// <summary>Counts arrivals and lets one side wait for a number of them, another for being let go.</summary>
public sealed class Signal
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);

    public Task Gate => _gate.Task;

    public void Open() => _gate.TrySetResult();

    public void Arrive() => _arrivals.Release();

    public async Task Arrived()
    {
        if (!await _arrivals.WaitAsync(TimeSpan.FromSeconds(10)))
        {
            throw new TimeoutException("nobody arrived within 10 s");
        }
    }

    public bool HasArrived => _arrivals.CurrentCount > 0;
}

public interface IWorkGrain : IGrainWithStringKey
{
    Task<int> Add(int n);

    Task Hold(string signal);

    [AlwaysInterleave]
    Task Ping();

    [ReadOnly]
    Task Read(string signal);

    [OneWay]
    Task Fire(string signal);

    [ResponseTimeout("00:00:05")]
    Task HoldShortly(string signal);

    ValueTask<string> Where();

    Task CallSelf();

    Task Fail(string message);

    Task FailOddly();

    Task FailByCancel();

    Task<Basket> Echo(Basket basket);

    Task<bool> IsSame(Order order);

    Task<Order> GetOrder();

    Task<object> EchoAny(object value);

    Task Keep(Basket basket);

    Task<int> KeptItems();

    Task Wait(string signal, CancellationToken token);

    Task<string?> Context(string key, bool forward);

    Task Leave();

    Task Delay(TimeSpan time);

    Task<bool> StaysOnScheduler();

    Task<string> Key();
}

public sealed class WorkGrain(Board board) : Grain, IWorkGrain
{
    public static readonly Order TheOrder = new("kept", 1);
    private int _count;
    private int _inside;
    private Basket? _kept;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        board.Say($"activate {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        board.Say($"deactivate {this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public async Task<int> Add(int n)
    {
        if (++_inside != 1)
        {
            throw new InvalidOperationException("two calls at once");
        }

        var before = _count;
        await Task.Yield();
        _count = before + n;
        if (--_inside != 0)
        {
            throw new InvalidOperationException("two calls at once");
        }

        return _count;
    }

    public async Task Hold(string signal)
    {
        board[signal].Arrive();
        await board[signal].Gate;
    }

    public Task Ping() => Task.CompletedTask;

    public Task Read(string signal) => Hold(signal);

    public async Task Fire(string signal)
    {
        await Hold(signal);
        throw new InvalidOperationException("nobody hears this");
    }

    public Task HoldShortly(string signal) => Hold(signal);

    public ValueTask<string> Where() => new(RuntimeIdentity);

    public Task CallSelf() => this.AsReference<IWorkGrain>().Where().AsTask();

    public Task Fail(string message) => throw new ArgumentOutOfRangeException(message);

    public async Task FailOddly()
    {
        await Task.Yield();
        throw new OddException("odd", 7);
    }

    public Task FailByCancel() => throw new OperationCanceledException();

    public Task<Basket> Echo(Basket basket)
    {
        basket.Items.Add("seen");
        _kept = basket;
        return Task.FromResult(basket);
    }

    public Task<bool> IsSame(Order order) => Task.FromResult(ReferenceEquals(order, TheOrder));

    public Task<Order> GetOrder() => Task.FromResult(TheOrder);

    public Task<object> EchoAny(object value) => Task.FromResult(value);

    public Task Keep(Basket basket)
    {
        _kept = basket;
        return Task.CompletedTask;
    }

    public Task<int> KeptItems() => Task.FromResult(_kept!.Items.Count);

    public async Task Wait(string signal, CancellationToken token)
    {
        board[signal].Arrive();
        try
        {
            await Task.Delay(Timeout.Infinite, token);
        }
        catch (OperationCanceledException)
        {
            board[$"{signal} cancelled"].Arrive();
            throw;
        }
    }

    public async Task<string?> Context(string key, bool forward)
    {
        var seen = (string?)RequestContext.Get(key);
        RequestContext.Set(key, "changed by the callee");
        return forward ? await GrainFactory.GetGrain<IWorkGrain>($"{this.GetPrimaryKeyString()}+").Context(key, false) : seen;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public async Task<bool> StaysOnScheduler()
    {
        var before = TaskScheduler.Current;
        await Task.Yield();
        await Task.Run(() => { });
        return ReferenceEquals(before, TaskScheduler.Current) && before != TaskScheduler.Default;
    }

    public Task<string> Key() => Task.FromResult(this.GetGrainId().ToString());
}

public interface IReentrantGrain : IGrainWithStringKey
{
    Task Hold(string signal);

    Task<int> CallSelf();

    Task<int> Seven();
}

[Reentrant]
public sealed class ReentrantGrain(Board board) : Grain, IReentrantGrain
{
    public async Task Hold(string signal)
    {
        board[signal].Arrive();
        await board[signal].Gate;
    }

    public Task<int> CallSelf() => this.AsReference<IReentrantGrain>().Seven();

    public Task<int> Seven() => Task.FromResult(7);
}

public interface ICounterGrain : IGrainWithGuidKey
{
    Task<int> Increment();

    Task<int> Get();

    Task Clear();

    Task<string?> Etag();
}

public sealed class CounterGrain([PersistentState("counter", "memory")] IPersistentState<CounterState> state) : Grain, ICounterGrain
{
    public async Task<int> Increment()
    {
        state.State.Count++;
        await state.WriteStateAsync();
        return state.State.Count;
    }

    public Task<int> Get() => Task.FromResult(state.State.Count);

    public Task Clear() => state.ClearStateAsync();

    public Task<string?> Etag() => Task.FromResult(state.Etag);
}

public interface ITimerGrain : IGrainWithIntegerKey
{
    Task Start(double due, double period, bool keepAlive, bool interleave, string? holdAt);

    Task Change(double due, double period);

    Task Stop();

    Task Hold(string signal);

    Task Leave();
}

public sealed class TimerGrain(Board board, TimeProvider time) : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _inside;

    public Task Start(double due, double period, bool keepAlive, bool interleave, string? holdAt)
    {
        _timer = this.RegisterGrainTimer(
            Tick,
            holdAt,
            new GrainTimerCreationOptions { DueTime = TimeSpan.FromSeconds(due), Period = TimeSpan.FromSeconds(period), KeepAlive = keepAlive, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task Change(double due, double period)
    {
        _timer!.Change(TimeSpan.FromSeconds(due), TimeSpan.FromSeconds(period));
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task Hold(string signal)
    {
        board[signal].Arrive();
        await board[signal].Gate;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task Tick(string? holdAt, CancellationToken token)
    {
        if (++_inside > 1)
        {
            board.Say("overlap");
        }

        board.Say($"tick {(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds}");
        if (holdAt is not null)
        {
            await Hold(holdAt);
        }

        _inside--;
        board["tick"].Arrive();
        if (this.GetPrimaryKeyLong() == 13)
        {
            throw new InvalidOperationException("this tick fails");
        }
    }
}

public interface IBrokenGrain : IGrainWithStringKey
{
    Task Ping();
}

public sealed class BrokenGrain : Grain, IBrokenGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) => throw new InconsistentStateException("cannot start");

    public Task Ping() => Task.CompletedTask;
}

public interface IBareGrain : IGrainWithIntegerKey
{
    Task Ping();
}

public sealed class BareGrain : Grain, IBareGrain
{
    public Task Ping() => Task.CompletedTask;
}

public interface IPlacedGrain : IGrainWithStringKey
{
    Task<bool> IsNextToItsCallee();

    Task<string> Where();

    Task Leave(bool migrating);

    Task<string?> ActivityParent();
}

[PreferLocalPlacement]
public sealed class PlacedGrain : Grain, IPlacedGrain
{
    public async Task<bool> IsNextToItsCallee() =>
        string.Equals(RuntimeIdentity, await GrainFactory.GetGrain<IPlacedGrain>($"{this.GetPrimaryKeyString()}+").Where(), StringComparison.Ordinal);

    public Task<string> Where() => Task.FromResult(RuntimeIdentity);

    public Task Leave(bool migrating)
    {
        if (migrating)
        {
            MigrateOnIdle();
        }
        else
        {
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }

    public Task<string?> ActivityParent() => Task.FromResult(System.Diagnostics.Activity.Current?.ParentId);
}

public interface IUnbuildableGrain : IGrainWithStringKey
{
    Task Ping();
}

public sealed class UnbuildableGrain : Grain, IUnbuildableGrain
{
    public UnbuildableGrain() => throw new NotSupportedException("cannot be made");

    public Task Ping() => Task.CompletedTask;
}
