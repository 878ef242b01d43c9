using System.Diagnostics;
using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Stores;
using Campaigns.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Campaigns.Grains;

/// <summary>One contact of one campaign: the dial, the carrier's reports, the retry. It decides on what the store says and keeps nothing.</summary>
public sealed partial class ContactGrain(
    IContactStore contacts,
    ICarrier carrier,
    ILocalCalls lines,
    ILocalSiloDetails silo,
    SiloWork work,
    IOptions<DriveOptions> options,
    TimeProvider clock,
    ILogger<ContactGrain> logger) : Grain, IContactGrain
{
    /// <summary>A decision lost to a concurrent write is made again on what that write left; more than a few in a row is a bug.</summary>
    private const int MaxConflicts = 10;

    private readonly DriveOptions _options = options.Value;

    /// <inheritdoc/>
    public async Task<DialResult> DialAsync(DialOrder order, CancellationToken cancellationToken)
    {
        if (!work.TryDial())
        {
            MigrateOnIdle();
            return DialResult.Elsewhere;
        }

        ActivateHere.Forget();

        try
        {
            return await PlaceAsync(order, cancellationToken);
        }
        finally
        {
            work.EndDial();
        }
    }

    /// <inheritdoc/>
    public Task<ReportResult> OnCarrierReportAsync(CarrierReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Kind == CarrierReportKind.Ended)
        {
            lines.Discard(report.SessionId);
        }

        return report.Kind == CarrierReportKind.Ended
            ? SettleAsync(
                report.SessionId, report.Source, contact => ContactLifecycle.OnReport(contact, report, _options.Timings, clock.GetUtcNow()), cancellationToken)
            : DecideAsync(contact => ContactLifecycle.OnReport(contact, report, _options.Timings, clock.GetUtcNow()), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReportResult> OnConversationEndedAsync(Guid sessionId, CancellationToken cancellationToken)
        => SettleAsync(
            sessionId, "conversation", contact => ContactLifecycle.OnConversationEnded(contact, sessionId, _options.Timings, clock.GetUtcNow()),
            cancellationToken);

    /// <inheritdoc/>
    public Task<ReportResult> GiveUpAsync(Guid sessionId, string reason, CancellationToken cancellationToken)
        => SettleAsync(
            sessionId, "deadline", contact => ContactLifecycle.OnGiveUp(contact, sessionId, reason, _options.Timings, clock.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public Task<ReportResult> CorrectAsync(DispositionCorrection correction, CancellationToken cancellationToken)
        => DecideAsync(contact => ContactLifecycle.OnCorrection(contact, correction, clock.GetUtcNow()), cancellationToken);

    private async Task<DialResult> PlaceAsync(DialOrder order, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now > order.DialAt + _options.DialLateness)
        {
            LogLate(order.CampaignContactId, order.Attempt, now - order.DialAt);
            await contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, now, "slot_missed", now, cancellationToken);
            return DialResult.NotPlaced;
        }

        DriveTelemetry.OnDialBegun(now - order.DialAt);
        var session = Guid.CreateVersion7(now);
        using var activity = SessionTrace.Start(DriveTelemetry.Activities, "contact dial", ActivityKind.Internal, session);
        activity?.SetTag(SessionTrace.CampaignId, order.CampaignId.ToString()).SetTag("campaigns.attempt", order.Attempt);
        try
        {
            return await PlaceAsync(order, session, now, activity, cancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            activity.Fail(error.GetType().Name);
            throw;
        }
    }

    private async Task<DialResult> PlaceAsync(
        DialOrder order, Guid session, DateTimeOffset now, Activity? activity, CancellationToken cancellationToken)
    {
        var token = SessionToken.Create();
        var sendBefore = now + _options.SendWithin;
        var opened = await contacts.OpenSessionAsync(
            new OpenSession(
                order, session, SessionToken.Hash(token), now + _options.Timings.LongestCall + _options.Timings.LongestCall, now, sendBefore,
                now + _options.Timings.DialingCheckAfter, now + _options.Timings.UnknownDeadline, silo.Name),
            cancellationToken);
        if (opened != OpenSessionResult.Opened)
        {
            activity?.SetTag("campaigns.dial.result", opened.ToText());
            LogNotOpened(order.CampaignContactId, order.Attempt, opened);
            await HandBackAsync(order, opened, now, cancellationToken);
            return DialResult.NotPlaced;
        }

        // From here on the line is ours: whatever happens, a record says so, and nobody else dials this attempt.
        var result = await carrier.PlaceCallAsync(new PlaceCallRequest(session, token, order.Phone, sendBefore), CancellationToken.None);
        LogPlaced(order.CampaignContactId, order.Attempt, result.GetType().Name);
        if (_options.Timings.ExpectConversations && result is (PlaceCallResult.Accepted or PlaceCallResult.Ambiguous))
        {
            // While the phone rings the model gets ready, so that the agent can speak at once.
            lines.Prepare(session);
        }

        await DecideAsync(contact => ContactLifecycle.OnPlaceResult(contact, result, _options.Timings, clock.GetUtcNow(), session), CancellationToken.None);
        var dial = result switch
        {
            PlaceCallResult.Accepted => DialResult.Placed,
            PlaceCallResult.RejectedForNow => DialResult.RejectedForNow,
            PlaceCallResult.Rejected => DialResult.Rejected,
            PlaceCallResult.CarrierUnavailable => DialResult.CarrierUnavailable,
            PlaceCallResult.Ambiguous => DialResult.Unknown,
            _ => DialResult.NotPlaced,
        };
        activity?.SetTag("campaigns.dial.result", dial.ToText());
        return dial;
    }

    private async Task HandBackAsync(DialOrder order, OpenSessionResult why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (why)
        {
            case OpenSessionResult.DoNotCall:
                await contacts.SkipClaimAsync(order.CampaignContactId, order.TaskId, "do_not_call", now, cancellationToken);
                break;
            case OpenSessionResult.PersonBusy:
                await contacts.ReleaseClaimAsync(
                    order.CampaignContactId, order.TaskId, now + _options.Timings.ReleaseDelay, "live_call", now, cancellationToken);
                break;
            case OpenSessionResult.CampaignStopped:
                await contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, now, "campaign_stopped", now, cancellationToken);
                break;
            default:
                // Another task has the contact, or had: nothing here is ours to give back.
                break;
        }
    }

    /// <summary>News that may be an attempt's last, in its trace.</summary>
    private async Task<ReportResult> SettleAsync(
        Guid session, string source, Func<ContactRecord, ContactDecision> decide, CancellationToken cancellationToken)
    {
        using var activity = SessionTrace.Start(DriveTelemetry.Activities, "contact settle", ActivityKind.Internal, session);
        activity?.SetTag("campaigns.settle.source", source);
        try
        {
            var result = await DecideAsync(decide, cancellationToken, activity);
            activity?.SetTag("campaigns.settle.result", result.ToText());
            return result;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            activity.Fail(error.GetType().Name);
            throw;
        }
    }

    /// <summary>Loads, decides, writes; on a version conflict once more from the start. Never overwrites.</summary>
    private async Task<ReportResult> DecideAsync(
        Func<ContactRecord, ContactDecision> decide, CancellationToken cancellationToken, Activity? activity = null)
    {
        var id = this.GetPrimaryKey();
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            if (await contacts.LoadAsync(id, cancellationToken) is not { } contact)
            {
                return ReportResult.NotFound;
            }

            switch (decide(contact))
            {
                case ContactDecision.Apply apply when await contacts.ApplyAsync(apply.Change, cancellationToken):
                    DriveTelemetry.OnChanged(contact.Session, apply.Change.Session, tellsAnswer: !_options.Timings.ExpectConversations);
                    activity?.SetTag("campaigns.outcome", apply.Change.Session?.Outcome?.ToText());
                    LogMoved(id, apply.Change.From, apply.Change.To, apply.Change.Outcome);
                    return ReportResult.Applied;
                case ContactDecision.Apply:
                    DriveTelemetry.OnConflict();
                    continue;
                case ContactDecision.Refuse refuse:
                    LogRefused(id, refuse.Why);
                    return ReportResult.Refused;
                case ContactDecision.Ignore ignore:
                    LogIgnored(id, ignore.Why);
                    return ReportResult.Ignored;
            }
        }

        throw new InvalidOperationException($"Contact {id} changed {MaxConflicts} times while one decision was being written.");
    }
}
