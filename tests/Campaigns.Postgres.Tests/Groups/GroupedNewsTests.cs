using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Postgres.Tests.Calls;
using Campaigns.Stores;
using Campaigns.Testing;
using Npgsql;

namespace Campaigns.Postgres.Tests.Groups;

/// <summary>News of many calls at once, written in groups: each has its effect once, whatever becomes of its group.</summary>
public sealed class GroupedNewsTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly CallTimings Timings = new() { ExpectConversations = false };

    [PostgresFact]
    public async Task Apply_WhenManyCallsEndAtOnceAndTwice_SettlesEachOnceAndCountsExactly()
    {
        var one = await CampaignSeed.CreateAsync(fixture.DataSource, Shape(60));
        var two = await one.CreateSiblingAsync(Shape(60) with { FirstNumber = 500 });
        var calls = (await DialAllAsync(one, 60)).Concat(await DialAllAsync(two, 60)).ToArray();

        // Two stores, as of two hosts, and every end told to both.
        var other = await one.CreateSiblingAsync(Shape(1) with { FirstNumber = 900 });
        var told = await Task.WhenAll(calls.SelectMany((call, i) => new[] { one, other }.SelectMany(host => new[]
        {
            Task.Run(() => ReportAsync(host, call.Order, new CarrierReport(call.Session, CarrierReportKind.Answered, null, null, "callback"))),
            Task.Run(() => ReportAsync(host, call.Order, Ended(call.Session, Outcome(i)))),
        }))).WaitAsync(Patience);

        // Every call ended once; it was told as answered at most once, and never after its end.
        Assert.InRange(told.Count(written => written), 120, 240);
        foreach (var seed in new[] { one, two })
        {
            var counts = await seed.CountAsync();
            Assert.Equal(30, counts[ContactStatus.Completed]);
            Assert.Equal(30, counts[ContactStatus.Pending]);
            Assert.Equal(60L, await seed.ScalarAsync<long>(
                "SELECT count(*) FROM decisions WHERE campaign_id = $1 AND kind IN ('SETTLED', 'RETRIED')", seed.CampaignId));
            Assert.Equal(60L, await seed.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE campaign = $1 AND state = 'ENDED'", seed.CampaignId));
            Assert.Null(await seed.CounterDifferenceAsync());
        }
    }

    [PostgresFact]
    public async Task Apply_WhenOneOfAGroupBreaksARule_OnlyThatOneFails()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, Shape(12));
        var calls = await DialAllAsync(seed, 12, accept: false);
        var taken = "sid-of-another";
        await ReportAsync(seed, calls[0].Order, new CarrierReport(calls[0].Session, CarrierReportKind.Progress, null, taken, "callback"));
        await using var gate = await LockAsync(seed, calls[1].Order);

        // The first group waits at the locked contact, so that the rest are one group; the carrier's id of one of them is another call's.
        var first = ReportAsync(seed, calls[1].Order, Ended(calls[1].Session, CallOutcome.Completed));
        await WhenLockedAsync(seed);
        var held = ReportAsync(seed, calls[1].Order, Ended(calls[1].Session, CallOutcome.Busy));
        var others = calls.Skip(2).Select((call, i) => ReportAsync(
            seed, call.Order, Ended(call.Session, CallOutcome.Completed) with { CarrierSid = i == 4 ? taken : $"sid-{call.Session}" })).ToArray();
        await gate.DisposeAsync();

        Assert.True(await first.WaitAsync(Patience));
        Assert.False(await held.WaitAsync(Patience));
        for (var i = 0; i < others.Length; i++)
        {
            if (i == 4)
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(() => others[i].WaitAsync(Patience));
                Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
            }
            else
            {
                Assert.True(await others[i].WaitAsync(Patience));
            }
        }

        Assert.Equal(10, (await seed.CountAsync())[ContactStatus.Completed]);
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task Apply_WhenItsConnectionIsKilledBeforeTheCommit_SaysNothingWasWrittenOrWritesItOnce()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, Shape(8));
        var calls = await DialAllAsync(seed, 8);
        await using var gate = await LockAsync(seed, calls[0].Order);
        var first = ReportAsync(seed, calls[0].Order, Ended(calls[0].Session, CallOutcome.Completed));
        await WhenLockedAsync(seed);
        Assert.False(first.IsCompleted, "A report was answered before it was durable.");

        await seed.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM ({Waiting}) AS w");
        await Assert.ThrowsAsync<PostgresException>(() => first.WaitAsync(Patience));
        Assert.Equal("RINGING", await seed.ScalarAsync<string>("SELECT state FROM sessions WHERE id = $1", calls[0].Session));
        await gate.DisposeAsync();

        // As the carrier sends it again, and the others meanwhile.
        Assert.All(
            await Task.WhenAll(calls.Select(call => ReportAsync(seed, call.Order, Ended(call.Session, CallOutcome.Completed)))).WaitAsync(Patience), Assert.True);
        Assert.Equal(8, (await seed.CountAsync())[ContactStatus.Completed]);
        Assert.Null(await seed.CounterDifferenceAsync());
    }

    [PostgresFact]
    public async Task LoadAndFindGate_WhenManyAskAtOnce_GiveEachItsOwnAndNullWhereThereIsNone()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, Shape(40));
        var calls = await DialAllAsync(seed, 40);

        var contacts = Task.WhenAll(calls.Select(call => Task.Run(() => seed.Contacts.LoadAsync(call.Order.CampaignContactId, CancellationToken.None))));
        var gates = Task.WhenAll(calls.Select(call => Task.Run(() => seed.Contacts.FindGateAsync(call.Session, CancellationToken.None))));
        var strangers = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => seed.Contacts.LoadAsync(Guid.NewGuid(), CancellationToken.None))));
        var noGates = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => seed.Contacts.FindGateAsync(Guid.NewGuid(), CancellationToken.None))));

        Assert.Equal(calls.Select(call => (call.Order.CampaignContactId, call.Session)), (await contacts.WaitAsync(Patience)).Select(c => (c!.Id, c.Session!.Id)));
        Assert.Equal(calls.Select(call => (call.Session, call.Order.CampaignContactId)), (await gates.WaitAsync(Patience)).Select(g => (g!.SessionId, g.CampaignContactId)));
        Assert.All(await strangers.WaitAsync(Patience), Assert.Null);
        Assert.All(await noGates.WaitAsync(Patience), Assert.Null);
    }

    /// <summary>Backends that wait for another's lock in this database.</summary>
    private const string Waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private static SeedShape Shape(int contacts) => new() { Contacts = contacts, Retry = RetryPolicy.Default };

    private static CallOutcome Outcome(int number) => number % 2 == 0 ? CallOutcome.Completed : CallOutcome.NoAnswer;

    private static CarrierReport Ended(Guid session, CallOutcome outcome) => new(session, CarrierReportKind.Ended, outcome, null, "callback");

    private static async Task<(DialOrder Order, Guid Session)[]> DialAllAsync(CampaignSeed seed, int count, bool accept = true)
    {
        var lease = await seed.AcquireAsync();
        var calls = new List<(DialOrder, Guid)>();
        while (calls.Count < count)
        {
            calls.Add(await seed.DialAsync(accept ? "" : null, lease));
            seed.Now += TimeSpan.FromMilliseconds(10);
        }

        return [.. calls];
    }

    /// <summary>As the contact grain does it: decided again on every conflict. False where the news was of no effect.</summary>
    private static async Task<bool> ReportAsync(CampaignSeed seed, DialOrder order, CarrierReport report)
    {
        while (ContactLifecycle.OnReport(await seed.ContactAsync(order), report, Timings, seed.Now) is ContactDecision.Apply apply)
        {
            if (await seed.Contacts.ApplyAsync(apply.Change, CancellationToken.None))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<NpgsqlTransactionScope> LockAsync(CampaignSeed seed, DialOrder order)
    {
        var connection = await seed.Database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT 1 FROM campaign_contacts WHERE id = $1 FOR UPDATE", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = order.CampaignContactId });
        await command.ExecuteScalarAsync();
        return new NpgsqlTransactionScope(connection);
    }

    private static async Task WhenLockedAsync(CampaignSeed seed)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await seed.ScalarAsync<long>($"SELECT count(*) FROM ({Waiting}) AS w") == 0)
        {
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token), "Nobody waits for the locked contact.");
        }
    }

    /// <summary>A transaction that holds its locks until it is disposed.</summary>
    private sealed class NpgsqlTransactionScope(NpgsqlConnection connection) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
