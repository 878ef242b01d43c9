using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.Domain.Contacts;
using Campaigns.Stores;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Calls;

public sealed class RaceTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task ConclusionsAndTheRescuer_Racing_AgreeOnOneOutcome()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 40 });
        var lease = await seed.AcquireAsync();
        for (var i = 0; i < 40; i++)
        {
            var (order, session) = await seed.TalkAsync(lease);
            var late = seed.Now.AddMinutes(1);
            var rescue = (ContactDecision.Apply)ContactLifecycle.OnReport(await seed.ContactAsync(order), TestCalls.HungUp(session), TestCalls.Timings, late);
            Assert.Equal(CallOutcome.InterruptedByUs, rescue.Change.Outcome);

            var conclude = Task.Run(() => seed.ConcludeAsync(session));
            var rescued = await Task.Run(() => seed.Contacts.ApplyAsync(rescue.Change, CancellationToken.None));

            Assert.NotEqual(rescued, await conclude.WaitAsync(TimeSpan.FromSeconds(60)));
            await seed.HangUpAsync(order, session);
            Assert.Equal(
                rescued ? CallOutcome.InterruptedByUs : CallOutcome.Completed, (await seed.ContactAsync(order)).Session!.Outcome);
        }

        Assert.Null(await seed.CounterDifferenceAsync());
    }

    /// <summary>Whatever is written at once waits in one order: a deadlock would be an exception here.</summary>
    [PostgresFact]
    public async Task EverythingAtOnce_OnManyCalls_NeverDeadlocksAndSettlesEachOnce()
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, new SeedShape { Contacts = 16 });
        var lease = await seed.AcquireAsync();
        var calls = new List<(Grains.DialOrder Order, Guid Session)>();
        for (var i = 0; i < 16; i++)
        {
            calls.Add(await seed.TalkAsync(lease));
        }

        var sessions = calls.Select(call => call.Session).ToArray();
        using var over = new CancellationTokenSource();
        var background = new[]
        {
            LoopAsync(() => seed.Calls.RenewAsync(TestCalls.Owner, [.. sessions.Reverse()], seed.Now.AddSeconds(20), CancellationToken.None)),
            LoopAsync(() => seed.Contacts.TakeOverdueAsync(seed.Now.AddSeconds(30), TimeSpan.FromSeconds(1), 100, CancellationToken.None)),
            LoopAsync(() => seed.Calls.EndLapsedInboundAsync(seed.Now.AddDays(1), CancellationToken.None)),
            LoopAsync(() => seed.ClaimAsync(lease, batch: 5)),
        };

        await Task.WhenAll(calls.Select(call => Task.Run(() => LiveAsync(seed, call.Order, call.Session)))).WaitAsync(TimeSpan.FromMinutes(2));
        await over.CancelAsync();
        await Task.WhenAll(background).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(16, (await seed.CountAsync())[ContactStatus.Completed]);
        Assert.Equal(16L, await seed.ScalarAsync<long>("SELECT count(*) FROM decisions WHERE campaign_id = $1 AND kind = 'SETTLED'", seed.CampaignId));
        Assert.Null(await seed.CounterDifferenceAsync());

        Task LoopAsync(Func<Task> work) => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await work();
            }
        });
    }

    private static async Task LiveAsync(CampaignSeed seed, Grains.DialOrder order, Guid session)
    {
        var none = CancellationToken.None;
        await Task.WhenAll(
            seed.SayAsync(session, 1, Speaker.Person, "hello"),
            seed.SayAsync(session, 2, Speaker.Agent, "hello"),
            seed.Calls.RecordDispositionAsync(session, "a", null, ImmutableDictionary<string, string>.Empty, seed.Now, none),
            seed.Calls.RecordCallbackAsync(session, seed.Now.AddHours(1), "later", seed.Now, none),
            seed.Calls.RecordHandoffAsync(session, "x", seed.Now, none),
            DecideAsync(contact => ContactLifecycle.OnReport(contact, TestCalls.HungUp(session), TestCalls.Timings, seed.Now)),
            seed.Calls.MarkDoNotCallAsync(session, "x", seed.Now, none));
        await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => seed.ConcludeAsync(session))
                .Concat<Task>(Enumerable.Range(0, 3).Select(_ => DecideAsync(
                    contact => ContactLifecycle.OnReport(contact, TestCalls.HungUp(session), TestCalls.Timings, seed.Now)))));
        await DecideAsync(contact => ContactLifecycle.OnConversationEnded(contact, session, TestCalls.Timings, seed.Now));

        // As the contact grain does it: decided again on every conflict.
        async Task DecideAsync(Func<ContactRecord, ContactDecision> decide)
        {
            while (decide(await seed.ContactAsync(order)) is ContactDecision.Apply apply)
            {
                if (await seed.Contacts.ApplyAsync(apply.Change, none))
                {
                    return;
                }
            }
        }
    }
}
