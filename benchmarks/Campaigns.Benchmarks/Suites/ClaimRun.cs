using System.Collections.Concurrent;
using System.Diagnostics;
using Campaigns.Benchmarks.Bed;
using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;

namespace Campaigns.Benchmarks.Suites;

/// <summary>New campaigns of some organizations, claimed from side by side.</summary>
internal sealed class ClaimRun(BenchDatabase database, PostgresCampaignStore store, Organization[] organizations, int perCampaign)
{
    /// <summary>A little more than the spacing of the slots at 60,000 calls per minute and 97 % of it in use.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(1.1);

    /// <summary>What a claim comes to where nothing is asked: take the next rows, mark them, commit.</summary>
    /// <remarks>The batch is part of the text, or PostgreSQL would plan it anew each time.</remarks>
    private static string Bare(int batch) =>
        $"""
        UPDATE campaign_contacts SET status = 'DISPATCHED', attempts = attempts + 1, task_id = gen_random_uuid(), due_at = NULL, updated_at = $2
        WHERE id = ANY (ARRAY(
          SELECT id FROM campaign_contacts WHERE campaign_id = $1 AND status = 'PENDING' AND priority = 0 AND due_at <= $2
          ORDER BY due_at, position LIMIT {batch} FOR UPDATE SKIP LOCKED))
        RETURNING id
        """;

    private readonly ConcurrentBag<double> _times = [];
    private CampaignLease[] _leases = [];

    /// <summary>Starts the campaigns and lets the server settle.</summary>
    public async Task PrepareAsync()
    {
        _times.Clear();
        _leases = new CampaignLease[organizations.Length];
        for (var i = 0; i < organizations.Length; i++)
        {
            _leases[i] = await organizations[i].StartAsync(store);
        }

        // The clock of every run begins at the same time: the slots of the run before lie ahead of it.
        await database.ExecuteAsync("UPDATE carrier_accounts SET next_slot_at = NULL");
        await database.SettleAsync();
    }

    /// <summary>Claims from every campaign at once until each has given its share.</summary>
    /// <returns>How many were claimed, the seconds it took, and the 99th percentile of one transaction in milliseconds.</returns>
    public async Task<(int Claimed, double Seconds, double Slowest)> ClaimAllAsync(int batch)
    {
        var start = Stopwatch.GetTimestamp();
        var claimed = await Task.WhenAll(_leases.Select(lease => Task.Run(() => ClaimAsync(lease, batch))));
        return (claimed.Sum(), Stopwatch.GetElapsedTime(start).TotalSeconds, _times.Order().ElementAt(_times.Count * 99 / 100));
    }

    /// <summary>Ends the campaigns, so that the next run finds free lines.</summary>
    public Task FinishAsync()
        => Task.WhenAll(_leases.Select(l => store.ApplyAsync(l.CampaignId, CampaignCommand.Cancel, "done", Organization.Now, CancellationToken.None)));

    /// <summary>A whole run of claims.</summary>
    public async Task<double> MeasureAsync(int batch)
    {
        await PrepareAsync();
        var (claimed, seconds, _) = await ClaimAllAsync(batch);
        await FinishAsync();
        return claimed / seconds;
    }

    /// <summary>Bare claims per second from as many campaigns.</summary>
    public async Task<double> MeasureBareAsync(int batch)
    {
        await PrepareAsync();
        var start = Stopwatch.GetTimestamp();
        var claimed = await Task.WhenAll(_leases.Select(lease => Task.Run(() => BareAsync(lease.CampaignId, batch))));
        var rate = claimed.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await database.ExecuteAsync("DELETE FROM campaign_contacts WHERE campaign_id = ANY ($1)", _leases.Select(l => l.CampaignId).ToArray());
        return rate;
    }

    /// <summary>Commits per second of the smallest change there is, on as many connections.</summary>
    public async Task<double> CommitsAsync()
    {
        await database.SettleAsync();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(organizations.Select(organization => Task.Run(async () =>
        {
            for (var i = 0; i < perCampaign; i++)
            {
                await using var command = database.Source.CreateCommand("UPDATE carrier_accounts SET next_slot_at = $2 WHERE id = $1");
                command.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = organization.Id.ToString() });
                command.Parameters.Add(new Npgsql.NpgsqlParameter<DateTimeOffset> { TypedValue = Organization.Now });
                await command.ExecuteNonQueryAsync();
            }
        })));
        return organizations.Length * perCampaign / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<int> ClaimAsync(CampaignLease lease, int batch)
    {
        var claimed = 0;
        for (var now = Organization.Now; claimed < perCampaign; now += Spacing * batch)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await store.ClaimAsync(
                new ClaimRequest(lease, now, now + (Spacing * batch), Math.Min(batch, perCampaign - claimed)), CancellationToken.None);
            _times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (result.Kind != ClaimResultKind.Claimed || (result.Orders.IsEmpty && !result.MoreCandidates))
            {
                throw new InvalidOperationException($"A claim gave {result.Kind} and nobody after {claimed}.");
            }

            claimed += result.Orders.Length;
        }

        return claimed;
    }

    private async Task<int> BareAsync(Guid campaign, int batch)
    {
        var (claimed, sql) = (0, Bare(batch));
        while (claimed < perCampaign)
        {
            await using var command = database.Source.CreateCommand(sql);
            command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid> { TypedValue = campaign });
            command.Parameters.Add(new Npgsql.NpgsqlParameter<DateTimeOffset> { TypedValue = Organization.Now });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                claimed++;
            }
        }

        return claimed;
    }
}
