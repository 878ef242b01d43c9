using System.Collections.Immutable;
using System.Diagnostics;
using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Stores;
using Campaigns.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Campaigns.Silo.Supervision;

/// <summary>
/// Settles the calls that nobody else settles: lost callbacks, ambiguous dials, dials whose silo died. It asks the carrier in bulk;
/// what the carrier cannot tell by the call's deadline ends as unknown and is not dialled again.
/// </summary>
public sealed partial class CallRescuer(
    IContactStore contacts, ICarrier carrier, IGrainFactory grains, IOptions<DriveOptions> options, TimeProvider clock,
    ILogger<CallRescuer> logger) : PeriodicService(options.Value.RescuePeriod, clock, logger)
{
    private const int AtOnce = 8;
    private readonly DriveOptions _options = options.Value;
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var stale = await contacts.ReleaseStaleClaimsAsync(now - _options.StaleClaimAfter, now, cancellationToken);
        var overdue = await contacts.TakeOverdueAsync(now, _options.Timings.CheckEvery, _options.RescueBatch, cancellationToken);
        RescueTelemetry.OnRescue("claim_returned", stale);
        if (stale + overdue.Length > 0)
        {
            LogLook(overdue.Length, stale);
        }

        await CheckKnownAsync([.. overdue.Where(s => s.CarrierSid is not null)], cancellationToken);
        await ForEachAsync(overdue.Where(s => s.CarrierSid is null), CheckLostAsync, cancellationToken);
    }

    /// <summary>Calls whose carrier id is known: one bulk question.</summary>
    private async Task CheckKnownAsync(ImmutableArray<OverdueSession> sessions, CancellationToken cancellationToken)
    {
        if (sessions.IsEmpty)
        {
            return;
        }

        // One question about many calls: a trace of its own.
        using var activity = RescueTelemetry.Activities.StartActivity("rescuer look-up");
        activity?.SetTag("campaigns.rescue.calls", sessions.Length);
        var found = await AskAsync(() => carrier.LookUpAsync([.. sessions.Select(s => s.CarrierSid!)], cancellationToken));
        var calls = found?.ToDictionary(c => c.Sid, StringComparer.Ordinal);
        await ForEachAsync(
            sessions,
            (session, stop) => SettleAsync(
                session, _ => Task.FromResult((calls is not null, calls?.GetValueOrDefault(session.CarrierSid!))), stop),
            cancellationToken);
    }

    /// <summary>A few at a time, on the caller's scheduler: one slow look-up does not hold up the rest.</summary>
    private static Task ForEachAsync(
        IEnumerable<OverdueSession> sessions, Func<OverdueSession, CancellationToken, Task> check, CancellationToken cancellationToken)
        => Parallel.ForEachAsync(
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, TaskScheduler = TaskScheduler.Current, CancellationToken = cancellationToken },
            async (session, stop) => await check(session, stop));

    /// <summary>A dial whose answer never came: the carrier's calls to that number around that time, less those we know.</summary>
    private Task CheckLostAsync(OverdueSession session, CancellationToken cancellationToken) => SettleAsync(
        session,
        async token =>
        {
            // The carrier's clock has whole seconds and need not be ours to the second.
            var from = session.StartedAt - TimeSpan.FromSeconds(5);
            var to = session.SendBefore + _options.Timings.SendTimeout + TimeSpan.FromSeconds(5);
            if (await AskAsync(() => carrier.FindAsync(session.Phone, from, to, token)) is not { } found)
            {
                return (false, null);
            }

            // The carrier does not tell for which session it took a call. Where another dial to the number waits for its answer, too, neither takes
            // what may be the other's. Asked first: a rival that learns its id meanwhile is among the bound ones.
            // A rival's span may overlap with this one at either end.
            var span = to - from;
            if (found.Count > 0 && await contacts.HasRivalDialAsync(session.SessionId, from - span, to + span, token))
            {
                return (true, null);
            }

            var bound = found.Count == 0 ? null : await contacts.FindBoundSidsAsync([.. found.Select(c => c.Sid)], token);
            return (true, found.Where(c => !bound!.Contains(c.Sid)).OrderBy(c => c.CreatedAt).LastOrDefault());
        },
        cancellationToken);

    /// <summary>The carrier's answer, or null when it could not be asked.</summary>
    private async Task<IReadOnlyList<CarrierCall>?> AskAsync(Func<Task<IReadOnlyList<CarrierCall>>> ask)
    {
        try
        {
            return await ask();
        }
        catch (CarrierLookUpException error)
        {
            LogLookUpFailed(error.Message);
            return null;
        }
    }

    /// <summary>Settles one session; a failure is this session's alone, and its next check is due anyway.</summary>
    private async Task SettleAsync(
        OverdueSession session, Func<CancellationToken, Task<(bool Asked, CarrierCall? Call)>> look, CancellationToken cancellationToken)
    {
        using var activity = SessionTrace.Start(RescueTelemetry.Activities, "rescuer settle", ActivityKind.Internal, session.SessionId);
        try
        {
            var (asked, call) = await look(cancellationToken);
            var result = await ReportAsync(session, asked, call, cancellationToken);
            activity?.SetTag("campaigns.rescue.result", result);
            RescueTelemetry.OnRescue(result);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            activity.Fail(error.GetType().Name);
            RescueTelemetry.OnRescue("failed");
            LogNotSettled(error, session.SessionId);
        }
    }

    private async Task<string> ReportAsync(OverdueSession session, bool asked, CarrierCall? call, CancellationToken cancellationToken)
    {
        var overdue = _clock.GetUtcNow() >= session.GiveUpAt;

        // A lost dial that is found is news even past the deadline of its search: from then on it has a call's own deadline.
        if (call is not null && (call.Kind == CarrierReportKind.Ended || session.CarrierSid is null || !overdue))
        {
            var report = new CarrierReport(
                session.SessionId, call.Kind, call.Outcome, call.Sid, "lookup", call.RecordingUrl, call.Duration, call.Detail);
            await grains.GetGrain<IContactGrain>(session.CampaignContactId).OnCarrierReportAsync(report, cancellationToken);
            return "told";
        }

        if (overdue)
        {
            // A carrier that cannot be asked must not hold the person's line and a place under the caps for ever.
            var detail = !asked ? "the carrier could not be asked until the deadline"
                : call is null ? "the carrier knows no such call" : "the carrier still had it as live past the longest call";
            LogGaveUp(session.SessionId, session.State, detail);
            await grains.GetGrain<IContactGrain>(session.CampaignContactId).GiveUpAsync(session.SessionId, detail, cancellationToken);
            return "given_up";
        }

        return "left";
    }

    [LoggerMessage(2101, LogLevel.Debug, "Rescuer: {Overdue} calls to check, {Stale} stale claims given back")]
    private partial void LogLook(int overdue, int stale);

    [LoggerMessage(2102, LogLevel.Information, "Rescuer: the carrier could not be asked: {Reason}")]
    private partial void LogLookUpFailed(string reason);

    [LoggerMessage(2103, LogLevel.Warning, "Rescuer: session {Session} ({State}) settled as unknown: {Detail}")]
    private partial void LogGaveUp(Guid session, SessionState state, string detail);

    [LoggerMessage(2104, LogLevel.Warning, "Rescuer: session {Session} could not be settled; its next check follows")]
    private partial void LogNotSettled(Exception error, Guid session);
}
