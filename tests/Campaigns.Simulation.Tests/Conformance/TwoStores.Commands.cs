using Campaigns.Carrier;
using Campaigns.Domain.Campaigns;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;
using Campaigns.Stores;

namespace Campaigns.Simulation.Tests.Conformance;

internal sealed partial class TwoStores
{
    private static CancellationToken None => CancellationToken.None;

    private async Task<(string Name, string Theirs, string Ours)> SendAsync(Dice dice)
    {
        // Mostly where there is still something to do.
        var going = _model.Campaigns.FindAll(c => !CampaignMachine.IsTerminal(c.Status));
        var campaign = dice.Pick(going.Count > 0 && dice.Chance(0.9) ? going : _model.Campaigns);
        switch (dice.Below(70))
        {
            case 0 or 1 or 2:
                return await StartAsync(campaign);
            case 3 or 4 or 5:
                var command = dice.Pick([
                    CampaignCommand.Pause, CampaignCommand.Resume, CampaignCommand.Resume, CampaignCommand.Resume, CampaignCommand.Open,
                    CampaignCommand.Complete, CampaignCommand.Cancel]);
                return command is CampaignCommand.Cancel or CampaignCommand.Complete && dice.Chance(0.85)
                    ? await LookAsync(dice, campaign)
                    : await AskAsync(
                        $"{command} {campaign.Spec.Name}",
                        () => _postgres.Campaigns.ApplyAsync(campaign.Id, command, "a reason", _now, None),
                        () => _campaigns.ApplyAsync(campaign.Id, command, "a reason", _now, None), r => r.ToString());
            case 6 or 7 or 8:
                return await AcquireAsync(
                    campaign, dice.Chance(0.6) && campaign.LeaseOwner is { } owner ? owner : dice.Pick(Owners), dice.Seconds(2, 60));
            case 9 or 10:
                return await WithLeaseAsync(dice, campaign, lease => AskAsync(
                    $"renew {lease.Epoch}",
                    () => _postgres.Campaigns.RenewLeaseAsync(lease, _now, TimeSpan.FromSeconds(10), None),
                    () => _campaigns.RenewLeaseAsync(lease, _now, TimeSpan.FromSeconds(10), None), r => r.ToString()));
            case 11:
                DateTimeOffset? unusedFrom = dice.Chance(0.5) ? _now + dice.Seconds(0, 3) : null;
                return await WithLeaseAsync(dice, campaign, lease => AskAsync(
                    $"hand over {lease.Epoch}, unused from {unusedFrom:O}",
                    () => Done(_postgres.Campaigns.HandOverLeaseAsync(lease, unusedFrom, None)),
                    () => Done(_campaigns.HandOverLeaseAsync(lease, unusedFrom, None)), r => r.ToString()));
            case < 20:
                return await WithLeaseAsync(dice, campaign, lease => ClaimAsync(lease, dice.Between(1, 4), dice.Seconds(0, 3), dice.Seconds(5, 60)));
            case < 27:
                return await OpenAsync(dice, campaign);
            case 27 or 28:
                return await WithOrderAsync(dice, campaign, order => AskAsync(
                    $"give back {order.Phone}",
                    () => _postgres.Contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, _now.AddSeconds(3), "given_back", _now, None),
                    () => _contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, _now.AddSeconds(3), "given_back", _now, None),
                    r => r.ToString()));
            case 29:
                return await WithOrderAsync(dice, campaign, order => AskAsync(
                    $"skip {order.Phone}",
                    () => _postgres.Contacts.SkipClaimAsync(order.CampaignContactId, order.TaskId, "do_not_call", _now, None),
                    () => _contacts.SkipClaimAsync(order.CampaignContactId, order.TaskId, "do_not_call", _now, None), r => r.ToString()));
            case < 41 or (> 61 and < 67):
                return await ChangeAsync(dice, campaign);
            case 41:
                var epoch = campaign.LeaseEpoch + dice.Between(-1, 1);
                return await AskAsync(
                    $"release stranded of {campaign.Spec.Name} before {epoch}",
                    () => _postgres.Contacts.ReleaseStrandedAsync(campaign.Id, epoch, _now, None),
                    () => _contacts.ReleaseStrandedAsync(campaign.Id, epoch, _now, None), r => r.ToString());
            case 42:
                var before = _now - dice.Seconds(0, 30);
                return await AskAsync(
                    "release stale",
                    () => _postgres.Contacts.ReleaseStaleClaimsAsync(before, _now, None), () => _contacts.ReleaseStaleClaimsAsync(before, _now, None),
                    r => r.ToString());
            case 43:
                return await AskAsync(
                    "take overdue",
                    () => _postgres.Contacts.TakeOverdueAsync(_now, TimeSpan.FromSeconds(30), 100, None),
                    () => _contacts.TakeOverdueAsync(_now, TimeSpan.FromSeconds(30), 100, None), r => Words.Of(r));
            case 44:
                return dice.Chance(0.5) ? await PermitAsync() : await ThrottleAsync(dice);
            case 45:
                return await EditAsync(dice);
            case 46:
                return dice.Chance(_slotsAreScarce ? 0.05 : 0.4) ? await ExhaustAsync() : await LookAsync(dice, campaign);
            case 47:
                return await LimitAsync(dice);
            case 48:
                return await ReconcileAsync(dice, campaign);
            case 49 or 50:
                return await PromiseAsync(dice, campaign);
            case < 62 and > 50:
                return await ClaimForAllAsync(dice);
            default:
                return await LookAsync(dice, campaign);
        }
    }

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private Task<(string, string, string)> StartAsync(CampaignRow campaign) => AskAsync(
        $"start {campaign.Spec.Name}",
        async () =>
        {
            var draft = campaign.Contacts.Count == 0;
            var result = await _postgres.Campaigns.StartAsync(campaign.Id, _now, None);
            if (draft)
            {
                foreach (var id in await _postgres.SnapshotIdsAsync(campaign.Id))
                {
                    _ids.Enqueue(id);
                }
            }

            return result;
        },
        () => _campaigns.StartAsync(campaign.Id, _now, None), r => r.ToString());

    private Task<(string, string, string)> AcquireAsync(CampaignRow campaign, string owner, TimeSpan duration) => AskAsync(
        $"{owner} acquires {campaign.Spec.Name}",
        async () =>
        {
            var lease = await _postgres.Campaigns.TryAcquireLeaseAsync(campaign.Id, owner, _now, duration, None);
            if (lease is not null)
            {
                _leases.Add(lease);
            }

            return lease;
        },
        () => _campaigns.TryAcquireLeaseAsync(campaign.Id, owner, _now, duration, None), r => Words.Of(r));

    private Task<(string, string, string)> OpenAsync(Dice dice, CampaignRow campaign) => WithOrderAsync(dice, campaign, order =>
    {
        var asked = dice.Below(12) switch
        {
            0 => order with { Epoch = order.Epoch + 1 },
            1 => order with { TaskId = dice.Guid() },
            _ => order,
        };
        var session = _model.Sessions.Count > 0 && dice.Chance(0.05) ? dice.Pick(_model.Sessions).Id : dice.Guid();
        var open = new OpenSession(
            asked, session, new byte[SessionToken.HashBytes], _now.AddHours(2), _now, _now.AddSeconds(1), _now.AddSeconds(15), _now.AddMinutes(5), "silo-1");
        return AskAsync(
            $"open {asked.Phone} #{asked.Attempt}",
            () => _postgres.Contacts.OpenSessionAsync(open, None), () => _contacts.OpenSessionAsync(open, None), r => r.ToString());
    });

    /// <summary>What the domain makes of some news, written; or a decision of earlier written once more.</summary>
    private async Task<(string, string, string)> ChangeAsync(Dice dice, CampaignRow campaign)
    {
        ContactChange? change = null;
        if (_changes.Count > 0 && dice.Chance(0.1))
        {
            change = dice.Pick(_changes);
        }
        else if (campaign.Contacts.Count > 0)
        {
            var contact = dice.Chance(0.8) && campaign.Contacts.FindAll(c => c.Session is { State: not SessionState.Ended }) is { Count: > 0 } live
                ? dice.Pick(live)
                : dice.Pick(campaign.Contacts);
            var loaded = await _postgres.Contacts.LoadAsync(contact.Id, None);
            var modelled = await _contacts.LoadAsync(contact.Id, None);
            if (!string.Equals(Words.Of(loaded), Words.Of(modelled), StringComparison.Ordinal))
            {
                return ($"load {contact.Phone}", Words.Of(loaded), Words.Of(modelled));
            }

            change = (Decide(dice, loaded!) as ContactDecision.Apply)?.Change;
        }

        if (change is null)
        {
            return await LookAsync(dice, campaign);
        }

        change = change with { Promised = change.To == ContactStatus.Pending && dice.Chance(0.3) };
        _changes.Add(change);
        return await AskAsync(
            $"apply {change.From} to {change.To}, session {change.Session?.State} {change.Session?.Outcome}",
            () => _postgres.Contacts.ApplyAsync(change, None), () => _contacts.ApplyAsync(change, None), r => r.ToString());
    }

    private ContactDecision Decide(Dice dice, ContactRecord contact)
    {
        var session = contact.Session?.Id ?? Guid.Empty;
        // Now and then an id that another session has: the unique index objects.
        var sid = contact.Session?.CarrierSid ?? (_sids > 0 && dice.Chance(0.3) ? $"sid-{dice.Between(1, _sids)}" : $"sid-{++_sids}");
        switch (dice.Below(8))
        {
            case 0 or 1 or 2:
                PlaceCallResult result = dice.Below(6) switch
                {
                    0 => new PlaceCallResult.RejectedForNow(dice.Seconds(1, 5), "429"),
                    1 => new PlaceCallResult.Rejected("400"),
                    2 => new PlaceCallResult.Ambiguous("503"),
                    3 => new PlaceCallResult.NotSent("late"),
                    _ => new PlaceCallResult.Accepted(sid),
                };
                return ContactLifecycle.OnPlaceResult(contact, result, Timings, _now);
            case 3:
                return ContactLifecycle.OnGiveUp(contact, session, "nobody knows", Timings, _now);
            case 4 when dice.Chance(0.3):
                return ContactLifecycle.OnCorrection(
                    contact, new DispositionCorrection(dice.Pick([ContactStatus.Completed, ContactStatus.Failed]), "sold", "a note", "Asha"), _now);
            default:
                var kind = dice.Pick([CarrierReportKind.Progress, CarrierReportKind.Answered, CarrierReportKind.Ended, CarrierReportKind.Ended]);
                CallOutcome? outcome = kind == CarrierReportKind.Ended
                    ? dice.Pick([CallOutcome.Completed, CallOutcome.NoAnswer, CallOutcome.Busy, CallOutcome.Failed])
                    : null;
                return ContactLifecycle.OnReport(
                    contact, new CarrierReport(session, kind, outcome, sid, "callback", "https://recording", TimeSpan.FromSeconds(7), "words"), Timings, _now);
        }
    }

    /// <summary>Somebody opts out, or changes what they agreed to.</summary>
    private async Task<(string, string, string)> EditAsync(Dice dice)
    {
        var organization = dice.Pick(_model.Organizations);
        var person = dice.Pick(organization.People);
        if (person.Phone is { } phone && dice.Chance(0.5))
        {
            organization.DoNotCall.Add(phone);
            await _postgres.ExecuteAsync("INSERT INTO do_not_call (organization_id, phone) VALUES ($1, $2) ON CONFLICT DO NOTHING", organization.Id, phone);
            return ($"{phone} opts out", "", "");
        }

        person.Consent = dice.Pick([ConsentState.Granted, ConsentState.Denied]);
        await _postgres.ExecuteAsync("UPDATE contacts SET marketing_consent = $2 WHERE id = $1", person.Id, person.Consent.ToText());
        return ($"{person.Phone} consents: {person.Consent}", "", "");
    }

    private async Task<(string, string, string)> LookAsync(Dice dice, CampaignRow campaign)
    {
        var at = _now - dice.Seconds(0, 5);
        var count = dice.Between(1, 50);
        var session = _model.Sessions.Count > 0 ? dice.Pick(_model.Sessions).Id : dice.Guid();
        string[] sids = [.. Enumerable.Range(1, 5).Select(_ => $"sid-{dice.Between(1, 40)}")];
        return dice.Below(6) switch
        {
            0 => await AskAsync(
                "find undriven", () => _postgres.Campaigns.FindUndrivenAsync(_now, 100, None), () => _campaigns.FindUndrivenAsync(_now, 100, None),
                r => string.Join(' ', r.Order())),
            1 => await AskAsync(
                "dials under way", () => _postgres.Campaigns.CountDialsUnderWayAsync(campaign.Id, at, None),
                () => _campaigns.CountDialsUnderWayAsync(campaign.Id, at, None), r => r.ToString()),
            2 => await AskAsync(
                "recent outcomes", () => _postgres.Campaigns.RecentOutcomesAsync(campaign.Id, 100, None),
                () => _campaigns.RecentOutcomesAsync(campaign.Id, 100, None), r => Words.Of(r)),
            3 => await AskAsync(
                $"rival dial of {session}", () => _postgres.Contacts.HasRivalDialAsync(session, at.AddSeconds(-60), _now, None),
                () => _contacts.HasRivalDialAsync(session, at.AddSeconds(-60), _now, None), r => r.ToString()),
            4 => await AskAsync(
                "bound ids", () => _postgres.Contacts.FindBoundSidsAsync(sids, None), () => _contacts.FindBoundSidsAsync(sids, None),
                r => string.Join(' ', r.Order(StringComparer.Ordinal))),
            _ => await AskAsync(
                $"load {campaign.Spec.Name}, {count}", () => _postgres.Campaigns.LoadAsync(campaign.Id, None),
                () => _campaigns.LoadAsync(campaign.Id, None), Words.Of),
        };
    }

    private bool IsDialable(DialOrder order)
        => _model.TryContact(order.CampaignContactId, out var contact) && contact.TaskId == order.TaskId && contact.Session is null;

    /// <summary>Mostly the campaign's newest lease, now and then an earlier one; where there is none, one is taken.</summary>
    private Task<(string, string, string)> WithLeaseAsync(
        Dice dice, CampaignRow campaign, Func<CampaignLease, Task<(string, string, string)>> then)
    {
        var leases = _leases.FindAll(l => l.CampaignId == campaign.Id);
        return leases.Count == 0
            ? campaign.Status == CampaignStatus.Draft ? StartAsync(campaign) : AcquireAsync(campaign, dice.Pick(Owners), TimeSpan.FromSeconds(10))
            : then(dice.Chance(0.85) ? leases[^1] : dice.Pick(leases));
    }

    private Task<(string, string, string)> WithOrderAsync(Dice dice, CampaignRow campaign, Func<DialOrder, Task<(string, string, string)>> then)
    {
        var orders = _orders.FindAll(o => o.CampaignId == campaign.Id);
        return orders.Count == 0
            ? WithLeaseAsync(dice, campaign, lease => ClaimAsync(lease, 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)))
            : dice.Chance(0.8) && orders.FindAll(IsDialable) is { Count: > 0 } good ? then(dice.Pick(good))
            : dice.Chance(0.6) ? WithLeaseAsync(dice, campaign, lease => ClaimAsync(lease, 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)))
            : then(dice.Pick(orders));
    }
}
