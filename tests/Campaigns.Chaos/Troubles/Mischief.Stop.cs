using Campaigns.Chaos.Bed;
using Campaigns.Testing.Hosts;

namespace Campaigns.Chaos.Troubles;

/// <summary>Hosts that stand still and wake.</summary>
public sealed partial class Mischief
{
    private const int Tries = 5;

    private async Task StopAsync(Round round, CampaignOwner victim, CancellationToken cancellationToken)
    {
        round.Victim = victim.Host!;
        var resumption = await LoseAsync(round, victim, host => host.SignalAsync("STOP"), cancellationToken);
        await SleepAndWakeAsync(round, resumption, cancellationToken);
    }

    /// <summary>Claims wait up to a tick for their slots: there is always one that is no dial yet, or will be soon.</summary>
    private async Task StopAtClaimAsync(Round round, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var victim = await PickAsync(round.Plan.Choice, cancellationToken);
            var host = bed.Hosts[victim.Host!];
            var claimed = await ClaimedAsync(victim.Campaign, cancellationToken);
            var driven = await DrivenByAsync(victim.Host!);
            var lost = TimeProvider.System.GetUtcNow();
            var wasWoken = _woken.TryRemove(victim.Host!, out var woken);
            await host.SignalAsync("STOP");
            var isClaimed = await IsStillClaimedAsync(claimed, cancellationToken);
            if (!isClaimed && tries < Tries)
            {
                // It was quicker. Some milliseconds are nobody's trouble.
                await host.SignalAsync("CONT");
                if (wasWoken)
                {
                    _woken[victim.Host!] = woken;
                }

                continue;
            }

            round.Victim = victim.Host!;
            round.Notes.Add(isClaimed ? "stopped between claim and dial" : "no claim was still waiting");
            bed.Disturb(host.Port, lost);
            var resumption = Task.WhenAll(driven.Select(owner => ResumeAsync(round, owner.Campaign, lost, NotFrom(host), cancellationToken)));
            await SleepAndWakeAsync(round, resumption, cancellationToken);
            return;
        }
    }

    private async Task StopAtDialAsync(Round round, CancellationToken cancellationToken)
    {
        var last = bed.Carrier.Ledger.Entries.Count;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var dial = await bed.Carrier.Ledger.WhenAsync(entry => entry.Sequence > last && entry.Fate == Held, patience.Token);
        var name = bed.Hosts.Names.First(n => bed.Hosts[n].Port == ChaosBed.PortOf(dial));
        var driven = await DrivenByAsync(name);
        bed.Disturb(bed.Hosts[name].Port);
        round.Victim = name;
        var resumption = await LoseAsync(round, driven, bed.Hosts[name], host => host.SignalAsync("STOP"), cancellationToken);
        round.Notes.Add("stopped while its dial was at the carrier");
        await SleepAndWakeAsync(round, resumption, cancellationToken);
    }

    private async Task SleepAndWakeAsync(Round round, Task resumption, CancellationToken cancellationToken)
    {
        var host = bed.Hosts[round.Victim];
        var stopped = TimeProvider.System.GetTimestamp();
        round.Complain(await Health.ComplaintAsync(host, "stopped", ready: 0, live: 0, TimeSpan.Zero, cancellationToken));
        await OthersAreReadyAsync(round, cancellationToken);
        await resumption;
        var rest = ChaosBed.Lease + round.Plan.PastLease - TimeProvider.System.GetElapsedTime(stopped);
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, cancellationToken);
        }

        round.Notes.Add($"woken after {TimeProvider.System.GetElapsedTime(stopped).TotalSeconds:0.0} s");
        await host.SignalAsync("CONT");
        _woken[round.Victim] = TimeProvider.System.GetUtcNow();

        // It is as good as any other again; or its cluster has gone on without it, and it ends.
        round.Complain(await ReadyComplaintAsync(round.Victim, "woken", cancellationToken));
        round.Complain(await DrivenComplaintAsync(round.Victim, cancellationToken));
        bed.Calm(host.Port);
    }

    /// <summary>It soon says that it drives what it drives by the database, and not what it once did.</summary>
    private async Task<string?> DrivenComplaintAsync(string name, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            var host = bed.Hosts[name];
            int? said;
            try
            {
                said = await Health.CampaignsAsync(host, cancellationToken);
            }
            catch (HttpRequestException) when (host.HasExited)
            {
                return null;
            }

            var driven = await CampaignsOfAsync(name);
            if (said is null || said == driven)
            {
                return null;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Soon)
            {
                return $"woken: /health says that {said} campaigns are driven after {Soon.TotalSeconds:0} s, by their leases there are {driven}";
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<Guid> ClaimedAsync(ChaosCampaign campaign, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Patience;)
        {
            await using var command = bed.Postgres.DataSource.CreateCommand(
                $"SELECT x.id FROM campaign_contacts x WHERE x.campaign_id = $1 AND {Undialled} LIMIT 1");
            command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = campaign.Seed.CampaignId });
            if (await command.ExecuteScalarAsync(cancellationToken) is Guid contact)
            {
                return contact;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        throw new TimeoutException($"No claim was seen in {Patience}.\n{bed.Hosts.Outputs}");
    }

    private async Task<bool> IsStillClaimedAsync(Guid contact, CancellationToken cancellationToken)
    {
        await using var command = bed.Postgres.DataSource.CreateCommand($"SELECT count(*) FROM campaign_contacts x WHERE x.id = $1 AND {Undialled}");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = contact });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
    }

    private const string Undialled =
        "x.status = 'DISPATCHED' AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.campaign_contact_id = x.id AND s.attempt >= x.attempts)";
}
