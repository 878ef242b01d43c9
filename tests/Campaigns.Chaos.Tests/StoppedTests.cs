using Campaigns.Chaos.Bed;
using Campaigns.Chaos.Judging;
using Campaigns.Testing;
using Campaigns.Testing.Hosts;
using Npgsql;

namespace Campaigns.Chaos.Tests;

/// <summary>A silo that stands still, past its lease, with a dial of its own at the carrier.</summary>
public sealed class StoppedTests
{
    [PostgresFact]
    public async Task Silo_StoppedPastItsLeaseInMidDial_WakesAndChangesNothing()
    {
        using var deadline = Facts.Deadline();
        await using var bed = await ChaosBed.StartAsync(new Caps(), ["one", "two"], deadline.Token);

        // The first one's dial is held back by the carrier, which has set the phone ringing all the same.
        var campaign = await bed.AddCampaignAsync(1, Facts.Numbers(8, i => i == 0 ? 77 : i));
        var dial = await bed.Carrier.Ledger.WhenAsync(entry => entry.Fate == "time-out but placed", deadline.Token);
        var port = ChaosBed.PortOf(dial);
        var owner = bed.Hosts[bed.Hosts.Names.Single(name => bed.Hosts[name].Port == port)];
        bed.Disturb(port);
        var stopped = TimeProvider.System.GetTimestamp();
        await owner.SignalAsync("STOP");

        // The others drive on, hear of the call's end, and settle it.
        await bed.Carrier.Ledger.WhenAsync(entry => entry.Sequence > dial.Sequence && ChaosBed.PortOf(entry) != port, deadline.Token);
        await bed.Carrier.Ledger.WhenAsync(entry => entry.CallSid == dial.CallSid && entry.EndedAt is not null, deadline.Token);
        await SettledAsync(bed, dial.CustomField!, deadline.Token);
        var rest = ChaosBed.Lease + TimeSpan.FromSeconds(2) - TimeProvider.System.GetElapsedTime(stopped);
        await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, deadline.Token);
        var (lease, session) = (await LeaseAsync(campaign), await SessionAsync(campaign, dial.CustomField!));
        Assert.NotEqual(owner, bed.Hosts[lease.Split('/')[0]]);

        await owner.SignalAsync("CONT");

        Assert.Null(await WokenAsync(owner, deadline.Token));
        Assert.Equal(lease, await LeaseAsync(campaign));
        if (!owner.HasExited)
        {
            Assert.Equal(0, await CampaignsAsync(owner, deadline.Token));
        }

        await bed.JudgeAsync();
        Assert.Equal(session, await SessionAsync(campaign, dial.CustomField!));
        Assert.Single(bed.Carrier.Ledger.Entries, entry => entry.CustomField == dial.CustomField);
    }

    [PostgresFact]
    public async Task Silo_StoppedInTheMiddleOfAClaim_KeepsNobodyWaiting_AndChangesNothingWhenItWakes()
    {
        using var deadline = Facts.Deadline();
        await using var bed = await ChaosBed.StartAsync(new Caps(), ["one", "two"], deadline.Token);
        var campaign = await bed.AddCampaignAsync(1, Facts.Numbers(12, i => i));
        await bed.Carrier.Ledger.WhenAsync(entry => entry.Sequence >= 2, deadline.Token);
        var owner = (await bed.OwnersAsync()).Single().Host!;
        var host = bed.Hosts[owner];

        // Its next claim waits for a row that the test holds. Stopped there it is given the rows, and keeps them.
        var stopped = await InAClaimAsync(bed, campaign, () => host.SignalAsync("STOP"), deadline.Token);
        bed.Disturb(host.Port, stopped);
        var next = await bed.Carrier.Ledger.WhenAsync(entry => entry.ReceivedAt > stopped && ChaosBed.PortOf(entry) != host.Port, deadline.Token);
        var resumed = next.ReceivedAt - stopped;
        Assert.True(resumed <= ResumeJudge.Limit, $"The next dial came after {resumed}.\n{bed.Hosts.Outputs}");
        var lease = await LeaseAsync(campaign);

        await host.SignalAsync("CONT");

        Assert.Null(await WokenAsync(host, deadline.Token));
        Assert.Equal(lease, await LeaseAsync(campaign));
        await bed.JudgeAsync();
    }

    [PostgresFact]
    public async Task Silo_StoppedForAMomentWhilePeopleListen_IsFoundByTheJudgeOfSound()
    {
        using var deadline = Facts.Deadline();
        await using var bed = await ChaosBed.StartAsync(new Caps(), ["one"], deadline.Token);
        await bed.AddCampaignAsync(1, Facts.Numbers(10, i => i));

        // Longer than the lead of the sound and shorter than anything that would be noticed otherwise; some of them fall into sentences.
        var heard = new HashSet<string>(StringComparer.Ordinal);
        for (var times = 0; times < 5; times++)
        {
            var dial = await bed.Carrier.Ledger.WhenAsync(
                entry => entry is { Live: true, Conversation.FirstAudioMs: not null } && !heard.Contains(entry.CallSid!), deadline.Token);
            heard.Add(dial.CallSid!);
            var host = bed.Hosts[bed.Hosts.Names.Single(name => bed.Hosts[name].Port == ChaosBed.PortOf(dial))];
            await host.SignalAsync("STOP");
            await Task.Delay(1000, deadline.Token);
            await host.SignalAsync("CONT");
        }

        Assert.True(await bed.IsSettledAsync(TimeSpan.FromMinutes(2), CancellationToken.None), bed.Hosts.Outputs);
        var facts = await RunFacts.ReadAsync(bed, CancellationToken.None);
        var gaps = PlayoutJudge.Judge(facts with { WasStarved = (_, _) => false }).Ours;
        Assert.Contains(gaps, gap => gap.Text.Contains("silence within a sentence", StringComparison.Ordinal));
    }

    /// <summary>Does it while a claim of the campaign is under way, and lets the claim have what it waits for.</summary>
    private static async Task<DateTimeOffset> InAClaimAsync(ChaosBed bed, ChaosCampaign campaign, Func<Task> act, CancellationToken cancellationToken)
    {
        await using var connection = await bed.Postgres.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var hold = new NpgsqlCommand("SELECT 1 FROM campaign_counters WHERE campaign_id = $1 FOR UPDATE", connection, transaction);
        hold.Parameters.Add(new NpgsqlParameter { Value = campaign.Seed.CampaignId });
        await hold.ExecuteNonQueryAsync(cancellationToken);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await campaign.Seed.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE OF k%' AND pid <> pg_backend_pid()") == 0)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        var at = TimeProvider.System.GetUtcNow();
        await act();
        await transaction.RollbackAsync(cancellationToken);
        return at;
    }

    private static async Task SettledAsync(ChaosBed bed, string session, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await bed.Campaigns[0].Seed.ScalarAsync<string>("SELECT state FROM sessions WHERE id = $1", Guid.Parse(session)) != "ENDED")
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    // In a cluster that took it for dead it ends itself; otherwise it is as good as any other.
    private static async Task<string?> WokenAsync(ProductProcess host, CancellationToken cancellationToken)
    {
        var complaint = await Health.ComplaintAsync(host, "woken", ready: 200, live: 200, TimeSpan.FromSeconds(20), cancellationToken);
        return host.HasExited ? null : complaint;
    }

    /// <summary>How many campaigns it says that it drives, when it has seen that its lease is another's.</summary>
    private static async Task<int?> CampaignsAsync(ProductProcess host, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var looks = 0; looks < 100 && await Health.CampaignsAsync(host, cancellationToken) is > 0; looks++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return await Health.CampaignsAsync(host, cancellationToken);
    }

    private static Task<string> LeaseAsync(ChaosCampaign campaign)
        => campaign.Seed.ScalarAsync<string>("SELECT lease_owner || ' ' || lease_epoch FROM campaigns WHERE id = $1", campaign.Seed.CampaignId);

    private static Task<string> SessionAsync(ChaosCampaign campaign, string session)
        => campaign.Seed.ScalarAsync<string>(
            "SELECT concat_ws(' ', state, outcome, conversation_outcome, attempt, owner, started_at, ended_at, carrier_sid) FROM sessions WHERE id = $1", Guid.Parse(session));
}
