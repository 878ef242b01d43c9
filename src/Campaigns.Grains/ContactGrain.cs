using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Stores;
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

        return DecideAsync(contact => ContactLifecycle.OnReport(contact, report, _options.Timings, clock.GetUtcNow()), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReportResult> OnConversationEndedAsync(Guid sessionId, CancellationToken cancellationToken)
        => DecideAsync(contact => ContactLifecycle.OnConversationEnded(contact, sessionId, _options.Timings, clock.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public Task<ReportResult> GiveUpAsync(Guid sessionId, string reason, CancellationToken cancellationToken)
        => DecideAsync(contact => ContactLifecycle.OnGiveUp(contact, sessionId, reason, _options.Timings, clock.GetUtcNow()), cancellationToken);

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

        var session = Guid.CreateVersion7(now);
        var token = SessionToken.Create();
        var sendBefore = now + _options.SendWithin;
        var opened = await contacts.OpenSessionAsync(
            new OpenSession(
                order, session, SessionToken.Hash(token), now + _options.Timings.LongestCall + _options.Timings.LongestCall, now, sendBefore,
                now + _options.Timings.DialingCheckAfter, now + _options.Timings.UnknownDeadline, silo.Name),
            cancellationToken);
        if (opened != OpenSessionResult.Opened)
        {
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
        return result switch
        {
            PlaceCallResult.Accepted => DialResult.Placed,
            PlaceCallResult.RejectedForNow => DialResult.RejectedForNow,
            PlaceCallResult.Rejected => DialResult.Rejected,
            PlaceCallResult.CarrierUnavailable => DialResult.CarrierUnavailable,
            PlaceCallResult.Ambiguous => DialResult.Unknown,
            _ => DialResult.NotPlaced,
        };
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

    /// <summary>Loads, decides, writes; on a version conflict once more from the start. Never overwrites.</summary>
    private async Task<ReportResult> DecideAsync(Func<ContactRecord, ContactDecision> decide, CancellationToken cancellationToken)
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
                    LogMoved(id, apply.Change.From, apply.Change.To, apply.Change.Outcome);
                    return ReportResult.Applied;
                case ContactDecision.Apply:
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
