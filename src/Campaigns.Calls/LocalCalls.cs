using System.Collections.Concurrent;
using System.Diagnostics;
using Campaigns.Carrier;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Campaigns.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Calls;

/// <summary>
/// The calls of this process: media legs that wait to be taken over, sessions of the model prepared for calls that ring, and calls that are held.
/// Stopping it ends all of them.
/// </summary>
public sealed partial class LocalCalls : ILocalCalls, IHeldCalls, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, CallBridge> live = new();
    private readonly ConcurrentDictionary<Guid, CallBridge> waiting = new();
    private readonly PreparedSessions prepared;
    private readonly CallSurroundings around;
    private readonly CallClock clock;
    private readonly ILogger<LocalCalls> logger;
    private volatile bool isStopped;

    /// <summary>Nothing is held yet.</summary>
    public LocalCalls(
        ICallStore store, ICallPlanner planner, ILiveModel model, IOptions<CallOptions> options, TimeProvider time, CallTelemetry telemetry,
        ILogger<LocalCalls> logger)
        : this(store, planner, model, options, time, telemetry, logger, () => new MachineEar())
    {
    }

    /// <summary>As the public one, with another way to make machines out.</summary>
    internal LocalCalls(
        ICallStore store, ICallPlanner planner, ILiveModel model, IOptions<CallOptions> options, TimeProvider time, CallTelemetry telemetry,
        ILogger<LocalCalls> logger, Func<IMachineEar> ears)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        this.logger = logger;
        prepared = new PreparedSessions(store, planner, model, time, options.Value, telemetry, logger);
        clock = new CallClock(time, options.Value.Granularity, LogStepFailed);
        var recordings = new CallRecordings(options.Value.RecordingFolder, LogRecordingFailed);
        around = new CallSurroundings(
            model, prepared, clock, time, options.Value, telemetry, logger, recordings.Open, ears, OnOver);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<Guid> Live => [.. live.Keys];

    /// <inheritdoc/>
    public HeldCalls Held
    {
        get
        {
            var all = live.Values.ToList();
            return new HeldCalls(all.Count, all.Count == 0 ? TimeSpan.Zero : all.Max(line => line.Age));
        }
    }

    /// <summary>The step of all calls, for tests that take it themselves.</summary>
    internal CallClock Clock => clock;

    /// <summary>How many sessions are open, or being opened, for calls that ring.</summary>
    public int Prepared => prepared.Count;

    /// <inheritdoc/>
    public void Prepare(Guid sessionId) => prepared.Prepare(sessionId);

    /// <inheritdoc/>
    public void Discard(Guid sessionId) => prepared.Discard(sessionId);

    /// <inheritdoc/>
    public ICallLine? Take(Guid sessionId) => waiting.TryRemove(sessionId, out var line) ? line : null;

    /// <inheritdoc/>
    /// <remarks>The leg belongs to the line from here on, which reads and closes it. Null also while the host stops.</remarks>
    public ICallLine? Add(Guid sessionId, IMediaLeg leg) => TryAdd(sessionId, leg, out _);

    /// <inheritdoc/>
    public void HangUp(Guid sessionId, string reason)
    {
        if (live.TryGetValue(sessionId, out var line))
        {
            line.HangUp(CallEndKind.AgentEnded, reason);
        }
    }

    /// <summary>Runs a whole call: adds its leg, has the call taken over, and returns when it is over and its end has been told.</summary>
    /// <param name="session">The session.</param>
    /// <param name="leg">The leg, its stream begun.</param>
    /// <param name="begin">Has the session's grain take the line and begin; its answer is why the call is refused, or null.</param>
    /// <param name="cancellationToken">The host stops: the call ends as <see cref="CallEndKind.HostStopping"/>.</param>
    /// <returns>Why the call was refused, or null when it ran.</returns>
    public async Task<string?> RunAsync(
        Guid session, IMediaLeg leg, Func<CancellationToken, Task<string?>> begin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(leg);
        ArgumentNullException.ThrowIfNull(begin);
        using var activity = SessionTrace.Start(CallTelemetry.Activities, "call", ActivityKind.Internal, session);
        if (TryAdd(session, leg, out var refusal) is not { } line)
        {
            activity.Fail("refused");
            return refusal;
        }

        using var stop = cancellationToken.Register(() => line.HangUp(CallEndKind.HostStopping, "The host stops."));
        try
        {
            refusal = await begin(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            refusal = "The host stops.";
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogBeginFailed(error, session);
            refusal = "The call could not be taken over.";
        }

        if (refusal is not null)
        {
            line.HangUp(CallEndKind.Refused, refusal);
        }

        waiting.TryRemove(new KeyValuePair<Guid, CallBridge>(session, line));
        await line.Completion;
        CallTelemetry.Describe(activity, line.Outcome, refusal);
        return refusal;
    }

    /// <summary>Ends every call that is held or waits here, and returns when the ends have been told. New ones may come.</summary>
    public Task EndAllAsync(CallEndKind kind, string reason)
    {
        var all = live.Values.ToList();
        all.ForEach(line => line.HangUp(kind, reason));
        return Task.WhenAll(all.Select(line => line.Completion));
    }

    /// <inheritdoc/>
    public async Task InterruptAllAsync(string reason, CancellationToken cancellationToken)
    {
        var all = live.Values.ToList();
        all.ForEach(line => line.Interrupt(reason));
        await Task.WhenAll(all.Select(line => line.Completion)).WaitAsync(cancellationToken);
    }

    /// <summary>The host stops: ends every call, closes what was prepared, and takes nothing more.</summary>
    public async Task StopAsync()
    {
        isStopped = true;
        await Task.WhenAll(EndAllAsync(CallEndKind.HostStopping, "The host stops."), prepared.StopAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        clock.Dispose();
    }

    private CallBridge? TryAdd(Guid session, IMediaLeg leg, out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(leg);
        refusal = "The host stops.";
        if (isStopped)
        {
            return null;
        }

        var line = new CallBridge(session, leg, around);
        if (!live.TryAdd(session, line))
        {
            refusal = "The session has a call already.";
            return null;
        }

        refusal = null;
        waiting[session] = line;
        around.Telemetry.OnLive(1);
        line.Run();
        if (isStopped)
        {
            line.HangUp(CallEndKind.HostStopping, "The host stops.");
        }

        return line;
    }

    private void OnOver(CallBridge line)
    {
        if (live.TryRemove(new KeyValuePair<Guid, CallBridge>(line.SessionId, line)))
        {
            around.Telemetry.OnLive(-1);
        }

        _ = ForgetAsync(line);
    }

    // A person may hang up before the call is taken over; whoever comes for it soon after is told so.
    private async Task ForgetAsync(CallBridge line)
    {
        var entry = new KeyValuePair<Guid, CallBridge>(line.SessionId, line);
        if (waiting.Contains(entry))
        {
            await Task.Delay(around.Options.BeginPatience, around.Time);
            waiting.TryRemove(entry);
        }
    }

    [LoggerMessage(6201, LogLevel.Error, "A step of a call failed")]
    private partial void LogStepFailed(Exception error);

    [LoggerMessage(6202, LogLevel.Warning, "Call {SessionId} could not be taken over")]
    private partial void LogBeginFailed(Exception error, Guid sessionId);

    [LoggerMessage(6203, LogLevel.Warning, "The recording of call {SessionId} failed; the call goes on")]
    private partial void LogRecordingFailed(Exception error, Guid sessionId);
}
