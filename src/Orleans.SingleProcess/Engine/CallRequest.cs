using System.Diagnostics;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Orleans.SingleProcess;

/// <summary>A call that someone waits for until it times out.</summary>
internal abstract class CallRequest(GrainReference reference, MethodDescription method, object?[] arguments) : Request
{
    private const int Open = 0;
    private const int Over = 1;
    private int _state;
    private CancellationTokenSource? _calleeToken;
    private CancellationTokenRegistration _callerRegistration;
    private Dictionary<string, object>? _context;
    private ActivityContext _parent;

    internal GrainReference Reference { get; } = reference;

    internal MethodDescription Method { get; } = method;

    internal long Deadline { get; set; }

    internal TimeSpan Timeout { get; set; }

    internal CallRequest? Previous { get; set; }

    internal CallRequest? Next { get; set; }

    internal PendingCalls? Pending { get; set; }

    internal override string Name => Method.FullName;

    internal override TurnKind Kind => TurnKind.Call;

    internal override bool AlwaysInterleave => Method.AlwaysInterleave;

    internal override bool ReadOnly => Method.ReadOnly;

    internal override bool IsOver => Volatile.Read(ref _state) == Over && !Method.OneWay;

    internal int Stripe { get; set; }

    /// <summary>The silo on which the caller would have an activation made that is not there yet.</summary>
    internal SiloAddress? PlacementHint => _context?.GetValueOrDefault(IPlacementDirector.PlacementHintKey) as SiloAddress;

    protected object?[] Arguments { get; } = arguments;

    /// <summary>Copies what the call carries; false when it is over already.</summary>
    internal bool Prepare()
    {
        try
        {
            Method.Isolate(Arguments);
            _context = RequestContext.Export();
        }
        catch (Exception exception)
        {
            Fail(exception);
            return false;
        }

        _parent = Activity.Current?.Context ?? default;
        if (Method.TokenIndex >= 0 && Arguments[Method.TokenIndex] is CancellationToken { CanBeCanceled: true } token)
        {
            if (token.IsCancellationRequested)
            {
                OnCallerCancelled(token);
                return false;
            }

            _calleeToken = new CancellationTokenSource();
            Arguments[Method.TokenIndex] = _calleeToken.Token;
            _callerRegistration = token.UnsafeRegister(static (state, token) => ((CallRequest)state!).OnCallerCancelled(token), this);
            if (IsOver)
            {
                _callerRegistration.Dispose();
                return false;
            }
        }

        return true;
    }

    internal void OnTimeout(bool cancel)
    {
        if (TryEnd())
        {
            SetException(new TimeoutException($"Response did not arrive on time in {Timeout} for message: {Name} to {Reference.GrainId}."));
            if (cancel)
            {
                CancelCallee();
            }
        }
    }

    internal override void Fail(Exception exception)
    {
        if (TryEnd())
        {
            SetException(exception);
        }
    }

    /// <summary>The caller of a one-way call goes on at once.</summary>
    internal abstract void SetNothing();

    protected bool TryEnd()
    {
        if (Interlocked.Exchange(ref _state, Over) != Open)
        {
            return false;
        }

        Pending?.Remove(this);
        _callerRegistration.Unregister();
        return true;
    }

    protected override Task Start(Activation target)
    {
        RequestContext.Import(_context);
        if (IsOver)
        {
            _calleeToken?.Cancel();
        }

        if (!target.Silo.PropagatesActivity)
        {
            return Method.Invoke(target.GrainInstance!, Arguments);
        }

        return StartTraced(target);
    }

    protected abstract void SetException(Exception exception);

    protected abstract void SetCancelled(CancellationToken token);

    private async Task StartTraced(Activation target)
    {
        using var activity = EngineInfo.Activities.StartActivity(Name, ActivityKind.Server, _parent);
        activity?.SetTag("rpc.system", "orleans").SetTag("rpc.method", Method.Method.Name).SetTag("rpc.orleans.target_id", Reference.GrainId.ToString());
        Inner = Method.Invoke(target.GrainInstance!, Arguments);
        try
        {
            await Inner;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    /// <summary>The grain's own task, when tracing wrapped it.</summary>
    protected Task? Inner { get; private set; }

    private void OnCallerCancelled(CancellationToken token)
    {
        if (TryEnd())
        {
            SetCancelled(token);
            CancelCallee();
        }
    }

    private void CancelCallee()
    {
        // The grain hears of it in a turn of its own, as of any message.
        if (_calleeToken is { } source && Target is { } target)
        {
            target.Post(source.Cancel);
        }
    }
}
