using Campaigns.Chaos.Bed;
using Campaigns.Testing;
using Campaigns.Testing.Hosts;

namespace Campaigns.Chaos.Tests;

/// <summary>What a host says of itself in each state that it can be brought into from outside.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [PostgresFact]
    public async Task Health_ThroughEveryState_TellsTheTruth()
    {
        using var deadline = Facts.Deadline();
        var token = deadline.Token;
        await using var bed = await ChaosBed.StartAsync(new Caps(), ["one", "two"], token);
        var (api, one, two) = (bed.Hosts.Api, bed.Hosts["one"], bed.Hosts["two"]);
        ProductProcess[] all = [api, one, two];
        await AllAsync(all, "started", 200, 200, token);

        // The schema is missing, as on a database that was restored from nothing.
        await ExecuteAsync(bed, "ALTER TABLE schema_migrations RENAME TO schema_migrations_away");
        await AllAsync(all, "schema missing", 503, 200, token);
        Assert.Contains("no schema yet", await ReasonAsync(one, token), StringComparison.Ordinal);
        await ExecuteAsync(bed, "ALTER TABLE schema_migrations_away RENAME TO schema_migrations");
        await AllAsync(all, "schema back", 200, 200, token);

        await bed.Postgres.CrashAsync();
        await AllAsync(all, "database away", 503, 200, token);
        Assert.Contains("cannot be reached", await ReasonAsync(one, token), StringComparison.Ordinal);
        await bed.Postgres.StartAgainAsync(token);
        await AllAsync(all, "database back", 200, 200, token);

        // Stopped it says nothing, and the others are none the worse for it; woken it is itself again, or ends where its cluster has gone on without it.
        await two.SignalAsync("STOP");
        Assert.Null(await Health.ComplaintAsync(two, "stopped", 0, 0, TimeSpan.Zero, token));
        await AllAsync([api, one], "beside one that is stopped", 200, 200, token);
        await two.SignalAsync("CONT");
        Assert.True(await Health.ComplaintAsync(two, "woken", 200, 200, Soon, token) is null || two.HasExited, two.Output);

        // Draining: not ready, yet alive, for as long as it takes.
        await one.SignalAsync("TERM");
        await AllAsync([one], "draining", 503, 200, token);
        Assert.Contains("drains", await ReasonAsync(one, token), StringComparison.Ordinal);
        Assert.Equal(0, await one.EndAsync());
        Assert.Equal((0, 0), (await Health.GlanceAsync(one, "/health/ready", token), await Health.GlanceAsync(one, "/health/live", token)));
        await AllAsync([api], "beside one that is gone", 200, 200, token);
    }

    private static async Task AllAsync(IEnumerable<ProductProcess> hosts, string state, int ready, int live, CancellationToken cancellationToken)
    {
        var complaints = await Task.WhenAll(hosts.Select(host => Health.ComplaintAsync(host, state, ready, live, Soon, cancellationToken)));
        Assert.All(complaints, Assert.Null);
    }

    private static async Task<string> ReasonAsync(ProductProcess host, CancellationToken cancellationToken)
    {
        using var answer = await host.Client.GetAsync("/health/ready", cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(ChaosBed bed, string sql)
    {
        await using var command = bed.Postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
