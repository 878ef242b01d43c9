using System.Diagnostics.CodeAnalysis;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;

namespace Campaigns.Calls;

/// <summary>
/// Sessions of the model that were opened while the phone rings. Each is taken by its call, discarded, or dropped when its time is over; whoever
/// removes it from here closes it or takes it along, so that none is left open.
/// </summary>
internal sealed partial class PreparedSessions(
    ICallStore store, ICallPlanner planner, ILiveModel model, TimeProvider time, CallOptions options, CallTelemetry telemetry, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Preparation> preparations = [];
    private readonly HashSet<Task> closing = [];
    private int open;
    private bool isStopped;

    /// <summary>How many are open, or being opened.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
            {
                return open;
            }
        }
    }

    internal void Prepare(Guid sessionId)
    {
        Preparation preparation;
        lock (gate)
        {
            if (isStopped || preparations.ContainsKey(sessionId))
            {
                return;
            }

            if (open >= options.MaxPrepared)
            {
                telemetry.OnPreparation("full");
                LogFull(sessionId, open);
                return;
            }

            preparation = new Preparation(sessionId, new CancellationTokenSource(options.PreparedLifetime, time));
            preparations.Add(sessionId, preparation);
            Note(1);
            preparation.Session = Task.Run(() => OpenAsync(preparation));
        }

        // After the session is set: a lifetime that is over already calls at once.
        preparation.Lifetime.Token.Register(() => Drop(sessionId, preparation, "lapsed"));
    }

    /// <summary>Closes what was prepared.</summary>
    internal void Discard(Guid sessionId) => Drop(sessionId, preparation: null, "discarded");

    /// <summary>Takes a session out: it belongs to the caller then, also if it is still being opened.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="session">The session, perhaps to come, or failing as it could not be opened.</param>
    /// <returns>Whether one was prepared.</returns>
    internal bool TryTake(Guid sessionId, [NotNullWhen(true)] out Task<ILiveSession>? session)
    {
        session = null;
        lock (gate)
        {
            if (!preparations.TryGetValue(sessionId, out var preparation))
            {
                return false;
            }

            Remove(preparation);
            preparation.IsTaken = true;
            telemetry.OnPreparation(preparation.HasFailed ? "failed" : preparation.Session is { IsCompletedSuccessfully: true } ? "ready" : "late");
            // The lifetime ends a wait, not a conversation.
            preparation.Lifetime.CancelAfter(Timeout.InfiniteTimeSpan);
            session = preparation.Session!;
            return true;
        }
    }

    /// <summary>Closes all of them; none is opened any more.</summary>
    internal async Task StopAsync()
    {
        List<Guid> all;
        lock (gate)
        {
            isStopped = true;
            all = [.. preparations.Keys];
        }

        all.ForEach(id => Drop(id, preparation: null, "stopped"));
        Task[] pending;
        lock (gate)
        {
            pending = [.. closing];
        }

        await Task.WhenAll(pending);
    }

    private async Task<ILiveSession> OpenAsync(Preparation preparation)
    {
        var id = preparation.SessionId;
        var cancellation = preparation.Lifetime.Token;
        try
        {
            var brief = await store.LoadBriefAsync(id, cancellation)
                ?? throw new SessionOverException();
            var session = await model.OpenAsync(planner.Plan(brief, time.GetUtcNow()).Setup, cancellation);
            _ = WatchAsync(preparation, session);
            return session;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A call that was over before the model was ready needs none.
            if (error is not (OperationCanceledException or SessionOverException))
            {
                LogFailed(id, error);
            }

            Fail(preparation);
            throw;
        }
    }

    // A session that is lost while it waits is a failed one.
    private async Task WatchAsync(Preparation preparation, ILiveSession session)
    {
        var end = await session.Completion;
        if (Fail(preparation))
        {
            LogLost(preparation.SessionId, end.Reason);
            await CloseAsync(preparation, end.Reason);
        }
    }

    // A failure is remembered for a while: as long as the phone rings it would only fail again.
    private bool Fail(Preparation preparation)
    {
        lock (gate)
        {
            if (preparation.IsTaken || preparation.HasFailed || !IsHere(preparation))
            {
                return false;
            }

            preparation.HasFailed = true;
            Note(-1);
            preparation.Lifetime.CancelAfter(options.FailedPreparationMemory);
            return true;
        }
    }

    private void Drop(Guid sessionId, Preparation? preparation, string why)
    {
        lock (gate)
        {
            if (!preparations.TryGetValue(sessionId, out var found) || (preparation is not null && !ReferenceEquals(found, preparation)))
            {
                return;
            }

            Remove(found);
            if (!found.HasFailed)
            {
                telemetry.OnPreparation(why);
            }

            var task = CloseAsync(found, why);
            if (!task.IsCompleted)
            {
                closing.Add(task);
                _ = ForgetAsync(task);
            }
        }
    }

    private async Task ForgetAsync(Task task)
    {
        await task;
        lock (gate)
        {
            closing.Remove(task);
        }
    }

    private async Task CloseAsync(Preparation preparation, string why)
    {
        await Task.Yield();
        if (!preparation.HasFailed)
        {
            await preparation.Lifetime.CancelAsync();
        }

        try
        {
            if (preparation.Session is { } opening)
            {
                await using var session = await opening;
                await session.CloseAsync(why).AsTask().WaitAsync(options.CloseTimeout, time);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotClosed(preparation.SessionId, error.Message);
        }
    }

    private bool IsHere(Preparation preparation)
        => preparations.TryGetValue(preparation.SessionId, out var found) && ReferenceEquals(found, preparation);

    private void Remove(Preparation preparation)
    {
        preparations.Remove(preparation.SessionId);
        if (!preparation.HasFailed)
        {
            Note(-1);
        }
    }

    private void Note(int change)
    {
        open += change;
        telemetry.OnPrepared(change);
    }

    private sealed class Preparation(Guid sessionId, CancellationTokenSource lifetime)
    {
        internal Guid SessionId { get; } = sessionId;

        internal CancellationTokenSource Lifetime { get; } = lifetime;

        internal Task<ILiveSession>? Session { get; set; }

        internal bool HasFailed { get; set; }

        internal bool IsTaken { get; set; }
    }

    [LoggerMessage(6001, LogLevel.Warning, "Session {SessionId} is not prepared: {Open} are open already")]
    private partial void LogFull(Guid sessionId, int open);

    [LoggerMessage(6002, LogLevel.Warning, "Session {SessionId} could not be prepared; it is tried again if the call is answered")]
    private partial void LogFailed(Guid sessionId, Exception error);

    [LoggerMessage(6003, LogLevel.Warning, "The prepared session {SessionId} was lost: {Reason}")]
    private partial void LogLost(Guid sessionId, string reason);

    [LoggerMessage(6004, LogLevel.Debug, "The prepared session {SessionId} had nothing to close: {Reason}")]
    private partial void LogNotClosed(Guid sessionId, string reason);

    private sealed class SessionOverException() : LiveModelException(LiveFailure.Fatal, "There is no such session, or it is over.");
}
