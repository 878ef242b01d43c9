using Campaigns.Chaos.Bed;
using Campaigns.Chaos.Judging;
using Campaigns.Testing.Hosts;
using CarrierSimulator;

namespace Campaigns.Chaos.Troubles;

/// <summary>Does what a round's plan says, and notes what can only be seen while it happens.</summary>
public sealed partial class Mischief(ChaosBed bed)
{
    /// <summary>Held back by the carrier until the client gives up, yet placed.</summary>
    private const string Held = "time-out but placed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>One round, until everything is as it was before.</summary>
    public async Task<Round> RunAsync(int number, RoundPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var round = _present = new Round { Number = number, Plan = plan, Began = TimeProvider.System.GetUtcNow() };
        await Task.Delay(plan.Before, cancellationToken);
        await (plan.Trouble switch
        {
            Trouble.Kill => KillAsync(round, cancellationToken),
            Trouble.Stop => StopAsync(round, await PickAsync(plan.Choice, cancellationToken), cancellationToken),
            Trouble.StopAtClaim => StopAtClaimAsync(round, cancellationToken),
            Trouble.StopAtDial => StopAtDialAsync(round, cancellationToken),
            Trouble.Drain => DrainAsync(round, cancellationToken),
            Trouble.KillApi => KillApiAsync(round, cancellationToken),
            Trouble.DatabaseCrash => TakeDatabaseAsync(round, bed.Postgres.CrashAsync, cancellationToken),
            _ => TakeDatabaseAsync(round, bed.Postgres.StopAsync, cancellationToken),
        });
        round.Ended = TimeProvider.System.GetUtcNow();
        return round;
    }

    private async Task KillAsync(Round round, CancellationToken cancellationToken)
    {
        var victim = await PickAsync(round.Plan.Choice, cancellationToken);
        round.Victim = victim.Host!;
        var resumption = await LoseAsync(round, victim, host => host.KillAsync(), cancellationToken);
        await resumption;
        await OthersAreReadyAsync(round, cancellationToken);
        await ReturnAsync(round.Victim);
    }

    private async Task KillApiAsync(Round round, CancellationToken cancellationToken)
    {
        // Nothing answers the carrier's callbacks until the next one is there.
        round.Victim = HostCluster.ApiName;
        _woken.TryRemove(round.Victim, out _);
        var api = bed.Hosts.Api;
        bed.Disturb(api.Port);
        var driven = await DrivenByAsync(HostCluster.ApiName);
        var lost = TimeProvider.System.GetUtcNow();
        await api.KillAsync();

        // Its successor, at the same address, may well be the one that goes on with its campaigns. No process starts as fast as this.
        var successor = TimeProvider.System.GetUtcNow().AddMilliseconds(300);
        await ReturnAsync(HostCluster.ApiName);
        await Task.WhenAll(driven.Select(owner => ResumeAsync(
            round, owner.Campaign, lost, dial => ChaosBed.PortOf(dial) != api.Port || dial.ReceivedAt > successor, cancellationToken)));
    }

    private async Task DrainAsync(Round round, CancellationToken cancellationToken)
    {
        var victim = await PickAsync(round.Plan.Choice, cancellationToken);
        var host = bed.Hosts[victim.Host!];
        round.Victim = victim.Host!;
        round.Notes.Add($"{await CampaignsOfAsync(victim.Host!)} campaigns driven");

        // Its calls go on to their ends and are judged like all others.
        var resumption = await LoseAsync(round, await DrivenByAsync(victim.Host!), host, h => h.SignalAsync("TERM"), cancellationToken);
        round.Complain(await Health.ComplaintAsync(host, "draining", ready: 503, live: 200, TimeSpan.FromSeconds(5), cancellationToken));
        if (await host.EndAsync() is not 0 and var code)
        {
            round.Complain($"{round.Victim} was told to go and ended with {code}");
        }

        await resumption;
        await bed.Hosts.StartAsync(round.Victim);
    }

    private async Task TakeDatabaseAsync(Round round, Func<Task> take, CancellationToken cancellationToken)
    {
        round.Victim = "postgres";
        await take();
        var hosts = bed.Hosts.Names.Select(name => bed.Hosts[name]).ToArray();
        var looks = hosts.Select(host => Health.ComplaintAsync(host, "database away", ready: 503, live: 200, Soon, cancellationToken));
        foreach (var complaint in await Task.WhenAll(looks))
        {
            round.Complain(complaint);
        }

        await Task.Delay(round.Plan.Away, cancellationToken);
        await bed.Postgres.StartAgainAsync(cancellationToken);
        var back = TimeProvider.System.GetUtcNow();
        looks = hosts.Select(host => Health.ComplaintAsync(host, "database back", ready: 200, live: 200, Soon, cancellationToken));
        foreach (var complaint in await Task.WhenAll(looks))
        {
            round.Complain(complaint);
        }

        var waiting = (await bed.OwnersAsync()).Where(owner => owner.Pending >= ChaosBed.Enough);
        await Task.WhenAll(waiting.Select(owner => ResumeAsync(round, owner.Campaign, back, _ => true, cancellationToken)));
    }

    /// <summary>A campaign with people left whose owner can be harmed: one of those there are.</summary>
    private async Task<CampaignOwner> PickAsync(int choice, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Patience;)
        {
            var driven = (await bed.OwnersAsync()).Where(owner => owner is { Host: not null, Pending: >= ChaosBed.Enough }).ToArray();
            if (driven.Length > 0)
            {
                return driven[choice % driven.Length];
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        throw new TimeoutException($"No campaign with people left is driven after {Patience}.\n{bed.Hosts.Outputs}");
    }

    private async Task<CampaignOwner[]> DrivenByAsync(string host)
        => [.. (await bed.OwnersAsync()).Where(owner => owner.Host == host && owner.Pending >= ChaosBed.Enough)];

    private async Task<int> CampaignsOfAsync(string host) => (await bed.OwnersAsync()).Count(owner => owner.Host == host);

    private async Task<Task> LoseAsync(Round round, CampaignOwner victim, Func<ProductProcess, Task> how, CancellationToken cancellationToken)
    {
        var host = bed.Hosts[victim.Host!];
        var driven = await DrivenByAsync(victim.Host!);
        bed.Disturb(host.Port);
        return await LoseAsync(round, driven, host, how, cancellationToken);
    }

    /// <summary>Loses a host; the answer ends when each of its campaigns has had its next dial from another, however long that takes.</summary>
    private async Task<Task> LoseAsync(
        Round round, CampaignOwner[] driven, ProductProcess host, Func<ProductProcess, Task> how, CancellationToken cancellationToken)
    {
        _woken.TryRemove(round.Victim, out _);
        var lost = TimeProvider.System.GetUtcNow();
        await how(host);
        return Task.WhenAll(driven.Select(owner => ResumeAsync(round, owner.Campaign, lost, NotFrom(host), cancellationToken)));
    }

    private static Func<LedgerEntry, bool> NotFrom(ProductProcess host) => dial => ChaosBed.PortOf(dial) != host.Port;

    private async Task ResumeAsync(
        Round round, ChaosCampaign campaign, DateTimeOffset since, Func<LedgerEntry, bool> counts, CancellationToken cancellationToken)
    {
        var next = NextDialAsync(campaign, since, counts, cancellationToken);
        var limit = since + ResumeJudge.Limit;

        // Who waits for a line, or for a core, does not wait for an owner. That is told, and there is a limit to it as well. A line that has just
        // become free is somebody's at the next tick, and its dial at the carrier a slot later.
        var full = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (!next.IsCompleted && TimeProvider.System.GetUtcNow() < limit)
        {
            full = await IsFullAsync(campaign, cancellationToken) ? TimeProvider.System.GetUtcNow() : full;
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        var late = !next.IsCompleted;
        var isFull = late && full > limit - ResumeJudge.FromLineToDial;
        var isStarved = late && bed.Machine.WasStarved(since, TimeProvider.System.GetUtcNow());
        var resumed = await next;
        lock (round)
        {
            if (resumed <= ResumeJudge.HardLimit && (isFull || isStarved))
            {
                round.Notes.Add($"campaign {campaign.Number} waited {resumed.Value.TotalSeconds:0.0} s, {(isFull ? "for a line" : "on a busy machine")}");
                return;
            }

            round.Resumed = resumed > round.Resumed || round.Resumed is null ? resumed : round.Resumed;
            round.Complain(ResumeJudge.Complaint(resumed, $"campaign {campaign.Number} after the loss of {round.Victim}"));
        }
    }

    /// <summary>Not known while the database is away: then nobody waits for a line.</summary>
    private async Task<bool> IsFullAsync(ChaosCampaign campaign, CancellationToken cancellationToken)
    {
        try
        {
            return await bed.IsFullAsync(campaign, cancellationToken);
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>The time to the next dial of a campaign that the carrier sees; null when there is none.</summary>
    private async Task<TimeSpan?> NextDialAsync(
        ChaosCampaign campaign, DateTimeOffset since, Func<LedgerEntry, bool> counts, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var next = await bed.Carrier.Ledger.WhenAsync(
                dial => dial.ReceivedAt > since && campaign.Calls(dial) && counts(dial), patience.Token);
            return next.ReceivedAt - since;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task OthersAreReadyAsync(Round round, CancellationToken cancellationToken)
    {
        foreach (var name in bed.Hosts.Names.Where(name => name != round.Victim))
        {
            round.Complain(await ReadyComplaintAsync(name, $"{name}, beside", cancellationToken));
        }
    }

    private async Task ReturnAsync(string name)
    {
        await bed.Hosts.StartAsync(name);
        bed.Calm(bed.Hosts[name].Port);
    }
}
