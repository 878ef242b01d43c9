using System.Collections.Concurrent;
using System.Globalization;

namespace CarrierSimulator;

/// <summary>What can be changed while the simulator runs.</summary>
public sealed record CarrierControl
{
    /// <summary>
    /// Refuse every connect of the account with this status: 402 for no balance, 403 for a feature that is off, 5xx for an outage.
    /// </summary>
    public int? RefuseWith { get; init; }

    /// <summary>As <see cref="CarrierSimulatorOptions.CallsPerMinute"/>.</summary>
    public int? CallsPerMinute { get; init; }

    /// <summary>As <see cref="CarrierSimulatorOptions.ActiveStreams"/>.</summary>
    public int? ActiveStreams { get; init; }

    /// <summary>As <see cref="CarrierSimulatorOptions.InstantAnswer"/>.</summary>
    public bool InstantAnswer { get; init; }

    /// <summary>Drop every callback that falls due.</summary>
    public bool CallbacksOff { get; init; }
}

/// <summary>A refusal in the carrier's terms.</summary>
internal sealed record Refusal(int Status, string Message, TimeSpan? RetryAfter = null);

/// <summary>A decided connect request: refused, or replied to by its script with or without a call.</summary>
internal sealed record Decision(LedgerEntry Entry, Refusal? Refusal, ConnectReply Reply, LiveCall? Call);

/// <summary>Decides connect requests one at a time and runs the calls they make. It owns the ledger.</summary>
internal sealed class Switchboard : IDisposable
{
    private static readonly TimeSpan s_scriptedRetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CarrierSimulatorOptions _options;
    private readonly CallbackSender _sender;
    private readonly RateWindow _window = new();
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, LiveCall> _calls = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly MediaLoop _loop;
    private readonly MediaHouse _house;
    private volatile CarrierControl _control;

    public Switchboard(CarrierSimulatorOptions options, Ledger ledger, CallbackSender sender)
    {
        _options = options;
        _sender = sender;
        Ledger = ledger;
        Stopping = _stopping.Token;
        _loop = new MediaLoop(options.TimeProvider);
        _house = new MediaHouse(options, ledger, People, _loop, Stopping);
        _control = new CarrierControl
        {
            CallsPerMinute = options.CallsPerMinute,
            ActiveStreams = options.ActiveStreams,
            InstantAnswer = options.InstantAnswer,
        };
    }

    public Ledger Ledger { get; }

    public People People { get; } = new();

    public Activity Activity { get; } = new();

    public CancellationToken Stopping { get; }

    public CarrierControl Control
    {
        get => _control;
        set => _control = value;
    }

    /// <summary>
    /// Carries on what a ledger file says is unfinished: the limit's bucket, the fates' ordinals, live calls, unsent callbacks.
    /// </summary>
    public void Resume()
    {
        foreach (var entry in Ledger.Entries)
        {
            if (entry.Attempt is { } attempt)
            {
                _attempts[entry.Number] = attempt;
            }

            if (entry.Fate is not null)
            {
                _window.Take(entry.ReceivedAt, int.MaxValue);
            }

            if (entry.Placed && CallPlan.For(entry).Index().Any(step => !step.Item.IsDone(entry, step.Index)))
            {
                Run(entry, resumed: true);
            }
        }
    }

    /// <summary>Null if a look-up may proceed.</summary>
    public Refusal? AdmitLookup()
    {
        if (!_options.LookupsShareLimit)
        {
            return null;
        }

        lock (_lock)
        {
            return Limit(Ledger.Now());
        }
    }

    public Decision Connect(ConnectRequest request)
    {
        Refusal? refusal = null;
        ConnectReply reply = default;
        LedgerEntry entry;
        lock (_lock)
        {
            entry = Ledger.Add(now => Decide(request.Draft, now, out refusal, out reply));
        }

        return new Decision(entry, refusal, reply, entry.Placed ? Run(entry, resumed: false) : null);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Ledger.Dispose();
        foreach (var call in _calls.Values)
        {
            call.Dispose();
        }

        _loop.Dispose();
        _stopping.Dispose();
    }

    private LedgerEntry Decide(LedgerEntry draft, DateTimeOffset now, out Refusal? refusal, out ConnectReply reply)
    {
        reply = default;
        refusal = RefusalOf(draft, now);
        if (refusal is not null)
        {
            return draft with { HttpStatus = refusal.Status };
        }

        var instant = _control.InstantAnswer;
        var fate = Fates.For(draft.Number);
        var attempt = _attempts[draft.Number] = _attempts.GetValueOrDefault(draft.Number) + 1;
        var script = fate.Dial(attempt);
        var placed = instant || script.Placed;
        reply = instant ? ConnectReply.Accepted : script.Reply;
        refusal = ScriptedRefusal(reply);
        return draft with
        {
            Fate = instant ? "instant answer" : fate.Name,
            Attempt = attempt,
            Instant = instant,
            Placed = placed,
            Media = _options.Media && placed && !instant && draft.StreamUrl is not null,
            Speed = _options.Speed,
            CallSid = placed ? Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) : null,
            HttpStatus = reply == ConnectReply.Reset ? null : refusal?.Status ?? 200,
        };
    }

    private Refusal? RefusalOf(LedgerEntry draft, DateTimeOffset now) => _control switch
    {
        { RefuseWith: 402 } => new Refusal(402, "Payment Required: insufficient balance"),
        { RefuseWith: 403 } => new Refusal(403, "Forbidden: this feature is not enabled for the account"),
        { RefuseWith: { } status } => new Refusal(status, "The account cannot place calls now"),
        { ActiveStreams: { } limit } when draft.StreamUrl is not null && Ledger.LiveStreams >= limit =>
            new Refusal(429, $"Too Many Requests: {limit} active streams is the limit of the account"),
        _ => Limit(now),
    };

    private Refusal? Limit(DateTimeOffset now) => _window.Take(now, _control.CallsPerMinute) is { } wait
        ? new Refusal(429, "Too Many Requests: rate limit exceeded", _options.RetryAfter ? wait : null)
        : null;

    private static Refusal? ScriptedRefusal(ConnectReply reply) => reply switch
    {
        ConnectReply.BadRequest => new Refusal(400, "Bad Request: this number cannot be called"),
        ConnectReply.TooManyRequests => new Refusal(429, "Too Many Requests"),
        ConnectReply.TooManyRequestsWithRetryAfter => new Refusal(429, "Too Many Requests", s_scriptedRetryAfter),
        ConnectReply.ServerError => new Refusal(500, "Internal Server Error"),
        _ => null,
    };

    private LiveCall Run(LedgerEntry entry, bool resumed)
    {
        var call = new LiveCall(
            entry.Sequence,
            Ledger,
            _sender,
            () => _control,
            answered => MediaCall.Begin(_house, answered),
            _options.TimeProvider,
            Stopping);
        _calls[entry.Sequence] = call;
        Activity.Begin();
        call.Start(resumed);
        _ = ForgetAsync(entry.Sequence, call);
        return call;
    }

    private async Task ForgetAsync(long sequence, LiveCall call)
    {
        await call.Settled;
        _calls.TryRemove(sequence, out _);
        Activity.End();
    }
}
