using CarrierSimulator;

namespace Campaigns.EndToEnd.Tests.Bed;

/// <summary>Judges a campaign by what the carrier saw, and by nothing else of ours but the attempts on record.</summary>
public static class LedgerJudge
{
    /// <summary>Nobody called twice: no session dialled twice, nobody dialled more often than the attempts, no two live calls to one person.</summary>
    public static async Task NobodyIsCalledTwiceAsync(this CampaignBed bed)
    {
        var entries = bed.Carrier.Ledger.Entries;
        var summary = LedgerSummary.Of(entries);
        Assert.Empty(summary.Overlaps);
        Assert.DoesNotContain(entries.Where(e => e.Placed).GroupBy(e => e.CustomField), g => g.Count() > 1);
        foreach (var (number, dials) in summary.DialsByNumber)
        {
            var attempts = await bed.Seed.ScalarAsync<int>(
                "SELECT coalesce(sum(attempts), 0)::int FROM campaign_contacts WHERE organization_id = $1 AND right(phone, 10) = right($2, 10)",
                bed.Seed.OrganizationId, number);
            Assert.True(dials <= attempts, $"{number} was dialled {dials} times for {attempts} attempts.");
        }
    }

    /// <summary>Nobody lost: everyone terminal, and the counters say the same.</summary>
    public static async Task NobodyIsLostAsync(this CampaignBed bed)
    {
        var counts = await bed.Seed.CountAsync();
        Assert.DoesNotContain(counts.Keys, s => s is ContactStatus.Pending or ContactStatus.Dispatched or ContactStatus.InProgress);
        Assert.Null(await bed.Seed.CounterDifferenceAsync());
        Assert.Equal(0L, await bed.Seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE campaign = $1 AND state <> 'ENDED'", bed.Seed.CampaignId));
    }

    /// <summary>The most calls live at once, and the most dials in any rolling minute.</summary>
    public static void CapsHold(this CampaignBed bed, int maxConcurrent, int callsPerMinute)
    {
        var summary = bed.Carrier.Ledger.Summary();
        Assert.True(summary.MaxConcurrent <= maxConcurrent, $"{summary.MaxConcurrent} calls were live at once; {maxConcurrent} are allowed.");
        Assert.True(
            summary.MaxDialsPerMinute <= callsPerMinute, $"{summary.MaxDialsPerMinute} dials in a rolling minute; {callsPerMinute} are allowed.");
    }

    /// <summary>Whether each number ended as its digits promise under the bed's three tries; the differences in words.</summary>
    public static async Task<IReadOnlyList<string>> BrokenPromisesAsync(this CampaignBed bed)
    {
        var redialled = new HashSet<DialOutcome> { DialOutcome.NoAnswer, DialOutcome.Busy, DialOutcome.Failed };
        var broken = new List<string>();
        await using var command = bed.Seed.Database.CreateCommand("SELECT phone, status, outcome, attempts FROM campaign_contacts WHERE campaign_id = $1");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = bed.Seed.CampaignId });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var phone = reader.GetString(0);
            var promised = Fates.For(phone).After(3, redialled);
            var expected = promised.Outcome switch
            {
                DialOutcome.Completed => ContactStatus.Completed,
                DialOutcome.NoAnswer or DialOutcome.Busy or DialOutcome.Canceled => ContactStatus.NoAnswer,
                _ => ContactStatus.Failed,
            };
            if (reader.GetString(1) != expected.ToText())
            {
                broken.Add($"{phone} ({Fates.For(phone).Name}): {reader.GetString(1)}/{(reader.IsDBNull(2) ? "-" : reader.GetString(2))} after {reader.GetInt32(3)} attempts, promised {expected.ToText()}");
            }
        }

        return broken;
    }
}
