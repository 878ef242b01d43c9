using System.Collections.Immutable;
using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Stores;
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

        Dictionary<string, CarrierCall> calls;
        try
        {
            var found = await carrier.LookUpAsync([.. sessions.Select(s => s.CarrierSid!)], cancellationToken);
            calls = found.ToDictionary(c => c.Sid, StringComparer.Ordinal);
        }
        catch (CarrierLookUpException error)
        {
            LogLookUpFailed(error.Message);
            return;
        }

        await ForEachAsync(sessions, (s, stop) => ReportAsync(s, calls.GetValueOrDefault(s.CarrierSid!), stop), cancellationToken);
    }

    /// <summary>A few at a time; one session that fails waits for its next check and keeps no other from its own.</summary>
    private Task ForEachAsync(
        IEnumerable<OverdueSession> sessions, Func<OverdueSession, CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(sessions, parallel, async (session, stop) =>
        {
            try
            {
                await check(session, stop);
            }
            catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                LogCheckFailed(error, session.SessionId);
            }
        });
    }

    /// <summary>A dial whose answer never came: the carrier's calls to that number around that time, less those we know.</summary>
    private async Task CheckLostAsync(OverdueSession session, CancellationToken cancellationToken)
    {
        try
        {
            // The carrier's clock has whole seconds and need not be ours to the second.
            var from = session.StartedAt - TimeSpan.FromSeconds(5);
            var to = session.SendBefore + _options.Timings.SendTimeout + TimeSpan.FromSeconds(5);
            var found = await carrier.FindAsync(session.Phone, from, to, cancellationToken);
            var bound = found.Count == 0 ? null : await contacts.FindBoundSidsAsync([.. found.Select(c => c.Sid)], cancellationToken);
            var call = found.Where(c => !bound!.Contains(c.Sid)).OrderBy(c => c.CreatedAt).LastOrDefault();
            await ReportAsync(session, call, cancellationToken);
        }
        catch (CarrierLookUpException error)
        {
            LogLookUpFailed(error.Message);
        }
    }

    private async Task ReportAsync(OverdueSession session, CarrierCall? call, CancellationToken cancellationToken)
    {
        var overdue = _clock.GetUtcNow() >= session.GiveUpAt;
        if (call is { Kind: CarrierReportKind.Ended } || (call is not null && !overdue))
        {
            var report = new CarrierReport(
                session.SessionId, call.Kind, call.Outcome, call.Sid, "lookup", call.RecordingUrl, call.Duration, call.Detail);
            await grains.GetGrain<IContactGrain>(session.CampaignContactId).OnCarrierReportAsync(report, cancellationToken);
        }
        else if (overdue)
        {
            var detail = call is null ? "the carrier knows no such call" : "the carrier still had it as live past the longest call";
            LogGaveUp(session.SessionId, session.State, detail);
            await grains.GetGrain<IContactGrain>(session.CampaignContactId).GiveUpAsync(session.SessionId, detail, cancellationToken);
        }
    }

    [LoggerMessage(2101, LogLevel.Debug, "Rescuer: {Overdue} calls to check, {Stale} stale claims given back")]
    private partial void LogLook(int overdue, int stale);

    [LoggerMessage(2102, LogLevel.Information, "Rescuer: the carrier could not be asked: {Reason}")]
    private partial void LogLookUpFailed(string reason);

    [LoggerMessage(2104, LogLevel.Warning, "Rescuer: session {Session} could not be checked; its next check follows")]
    private partial void LogCheckFailed(Exception error, Guid session);

    [LoggerMessage(2103, LogLevel.Warning, "Rescuer: session {Session} ({State}) settled as unknown: {Detail}")]
    private partial void LogGaveUp(Guid session, SessionState state, string detail);
}
